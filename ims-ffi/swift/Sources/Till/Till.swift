import Foundation
import ImsKit

/// A till: type what is sold, then `pay`. What was typed is a sale or nothing.
@main
struct Till {
    private static let help = "sku [quantity] adds a line · pay sells · stock shows the shelf · quit ends"

    private let shop: Ims
    private let site: LocationId
    private var basket: [OrderedLine] = []

    static func main() async throws {
        let shop = try await Ims.open(url: CommandLine.arguments.dropFirst().first ?? "sqlite:till.db")
        var till = Till(shop: shop, site: try await firstSite(of: shop))
        try await till.serve()
        try await shop.shut()
    }

    private init(shop: Ims, site: LocationId) {
        self.shop = shop
        self.site = site
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
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            do {
                switch first {
                case "quit": return
                case "pay": try await pay()
                case "stock": try await shelf()
                default: try await add(first, words.count > 1 ? words[1] : "1")
                }
            } catch let error as ImsError {
                print("  \(error.reason) (\(error.code))")
            }
        }
    }

    private mutating func add(_ sku: String, _ quantity: String) async throws {
        guard let item = try await shop.itemWithSku(sku: sku) else { return print("  there is no \(sku): \(Self.help)") }
        basket.append(OrderedLine(item: item.id, quantity: Quantity(text: quantity)))
        print("  \(quantity) × \(item.name)")
    }

    /// The context stays the same until there is an answer: a sale that is sent twice is one sale.
    private mutating func pay() async throws {
        let sale = Context.now("till")
        let lines = basket
        basket = []
        let order = try await shop.sell(context: sale, request: Sell(site: site, lines: lines)).order
        print("  \(order.series)-\(order.number): \(order.total.text) \(order.currency)")
    }

    private func shelf() async throws {
        let query = StockQuery(site: site, now: Date())
        for line in try await shop.stock(query: query, page: PageRequest()).rows {
            print("  \(line.sku): \(line.available.text)")
        }
    }
}
