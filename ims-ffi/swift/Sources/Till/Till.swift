import Foundation
import ImsKit

/// A till: type what is sold, then `pay`. What was typed is one sale or none, also if the till ends in the middle.
@main
struct Till {
    private static let help = "sku [quantity] adds a line · pay sells · clear empties the basket · stock shows the shelf · quit ends"
    private static let open = "  nobody knows yet whether the last sale was done: pay finds out, and sells it once"

    private let shop: Ims
    private let site: LocationId
    private var basket: Basket

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let shop = try await Ims.open(url: arguments.first ?? "sqlite:till.db")
        let basket = try Basket(file: URL(fileURLWithPath: arguments.count > 1 ? arguments[1] : "till.basket"))
        var till = Till(shop: shop, site: try await firstSite(of: shop), basket: basket)
        try await till.serve()
        try await shop.shut()
    }

    private init(shop: Ims, site: LocationId, basket: Basket) {
        self.shop = shop
        self.site = site
        self.basket = basket
    }

    /// The first site; a new shop gets one, and something to sell.
    private static func firstSite(of shop: Ims) async throws -> LocationId {
        let known = try await shop.locations(page: PageRequest()).rows.first { $0.kind == .site }
        if let known { return known.id }
        _ = try await shop.openShop(context: .now("till"), request: OpenShop(name: "Corner shop", currency: "EUR"))
        let main = CreateLocation(code: "MAIN", name: "Main street")
        let site = try await shop.createLocation(context: .now("till"), request: main).id
        var goods: [CostedGoods] = []
        for (sku, price) in [("TEA", "2.50"), ("MUG", "7.90")] {
            let item = CreateItem(sku: sku, name: sku.lowercased(), price: Amount(text: price))
            let id = try await shop.createItem(context: .now("till"), request: item).id
            goods.append(CostedGoods(item: id, quantity: 10, unitCost: "1.20"))
        }
        _ = try await shop.receiveStock(context: .now("till"), request: ReceiveStock(site: site, lines: goods))
        return site
    }

    private mutating func serve() async throws {
        print(Self.help)
        if basket.sale != nil { try await answer(to: ["pay"]) }
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            if words.first == "quit" { return }
            if !words.isEmpty { try await answer(to: words) }
        }
    }

    private mutating func answer(to words: [String]) async throws {
        do {
            switch words[0] {
            case "pay": try await pay()
            case "clear": try clear()
            case "stock": try await shelf()
            default: try await add(words[0], words.count > 1 ? words[1] : "1")
            }
        } catch let error as ImsError {
            print("  \(error.reason) (\(error.code))")
        }
    }

    private mutating func add(_ sku: String, _ quantity: String) async throws {
        if basket.sale != nil { return print(Self.open) }
        guard let item = try await shop.itemWithSku(sku: sku) else { return print("  there is no \(sku): \(Self.help)") }
        try basket.add(OrderedLine(item: item.id, quantity: Quantity(text: quantity)))
        print("  \(quantity) × \(item.name)")
    }

    private mutating func clear() throws {
        if basket.sale != nil { return print(Self.open) }
        try basket.empty()
    }

    /// A receipt and a refusal are answers. After anything else the sale stays as it is, to be sent again.
    private mutating func pay() async throws {
        let sale = try basket.send()
        do {
            let order = try await shop.sell(context: sale, request: Sell(site: site, lines: basket.lines)).order
            try basket.empty()
            print("  \(order.series)-\(order.number): \(order.total.text) \(order.currency)")
        } catch let error as ImsError {
            switch error {
            case .Rejected, .InvalidInput: try basket.refused()
            default: break
            }
            throw error
        }
    }

    private func shelf() async throws {
        let query = StockQuery(site: site, now: Date())
        for line in try await shop.stock(query: query, page: PageRequest()).rows {
            print("  \(line.sku): \(line.available.text)")
        }
    }
}

/// What a customer buys, in a file: the app may be ended at any moment. A sale gets its context once, before it is sent,
/// and keeps it until there is an answer: sent again, by this run of the app or the next one, it is the same sale.
struct Basket {
    private let file: URL
    /// What is in it.
    private(set) var lines: [OrderedLine] = []
    /// The sale that was sent and has no answer yet.
    private(set) var sale: Context?

    init(file: URL) throws {
        self.file = file
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") { read(line) }
    }

    mutating func add(_ line: OrderedLine) throws {
        lines.append(line)
        try write()
    }

    /// The context of the sale: kept before it is used.
    mutating func send() throws -> Context {
        if let sale { return sale }
        // The file has it to the second: what is sent again is the same.
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let sent = Context(id: .random(), actor: "till", now: now)
        sale = sent
        try write()
        return sent
    }

    /// The rules said no, which is an answer: what is in the basket can be changed, and is another sale then.
    mutating func refused() throws {
        sale = nil
        try write()
    }

    /// It is sold, or given up.
    mutating func empty() throws {
        sale = nil
        lines = []
        try write()
    }

    private mutating func read(_ line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3 else { return }
        if words[0] == "sale", let second = TimeInterval(words[2]) {
            sale = Context(id: CommandId(text: words[1]), actor: "till", now: Date(timeIntervalSince1970: second))
        } else {
            lines.append(OrderedLine(item: ItemId(text: words[1]), quantity: Quantity(text: words[2])))
        }
    }

    /// Nobody ever sees half of it, and it is written before anything is sent.
    private func write() throws {
        var text = ""
        if let sale { text += "sale \(sale.id.text) \(Int(sale.now.timeIntervalSince1970))\n" }
        for line in lines { text += "line \(line.item.text) \(line.quantity.text)\n" }
        try Data(text.utf8).write(to: file, options: .atomic)
    }
}
