import Foundation
import ImsKit

/// What is promised to Swift, checked. It needs no test framework, and sums up in the words of Rust's tests.
@main
struct Checks {
    static func main() async {
        let checks: [(String, @Sendable () async throws -> Void)] = [
            ("a_sale_is_answered_with_its_order", aSaleIsAnsweredWithItsOrder),
            ("a_refusal_carries_its_numbers", aRefusalCarriesItsNumbers),
            ("the_same_command_again_gives_the_same_answer", theSameCommandAgainGivesTheSameAnswer),
            ("what_is_no_number_is_invalid_input", whatIsNoNumberIsInvalidInput),
            ("a_closed_shop_says_so", aClosedShopSaysSo),
            ("a_panic_is_an_error_and_the_shop_goes_on", aPanicIsAnErrorAndTheShopGoesOn),
            ("a_reader_sees_every_event_once_and_in_order", aReaderSeesEveryEventOnceAndInOrder),
            ("many_tasks_sell_what_there_is_and_no_more", manyTasksSellWhatThereIsAndNoMore),
            ("a_shop_in_a_swift_store_sells", aShopInASwiftStoreSells),
            ("what_a_store_throws_is_a_store_error", whatAStoreThrowsIsAStoreError),
        ]
        var failed = 0
        for (name, check) in checks {
            do {
                try await check()
                print("test \(name) ... ok")
            } catch {
                failed += 1
                print("test \(name) ... FAILED: \(error)")
            }
        }
        let verdict = failed == 0 ? "ok" : "FAILED"
        print("test result: \(verdict). \(checks.count - failed) passed; \(failed) failed; 0 ignored; 0 measured; 0 filtered out")
        exit(failed == 0 ? 0 : 1)
    }
}

struct Wrong: Error, CustomStringConvertible {
    let description: String
}

func same<T: Equatable>(_ given: T, _ wanted: T) throws {
    if given != wanted { throw Wrong(description: "\(given) is not \(wanted)") }
}

func thrown(_ body: () async throws -> Any) async throws -> ImsError {
    let given: Any
    do {
        given = try await body()
    } catch let error as ImsError {
        return error
    }
    throw Wrong(description: "gave \(given) and should have thrown")
}

/// A shop with ten pieces of tea on the shelf.
struct TeaShop: Sendable {
    let ims: Ims
    let site: LocationId
    let tea: ItemId

    init(in ims: Ims) async throws {
        self.ims = ims
        _ = try await ims.openShop(context: .now("test"), request: OpenShop(name: "Corner shop", currency: "EUR"))
        let main = CreateLocation(code: "MAIN", name: "Main street")
        site = try await ims.createLocation(context: .now("test"), request: main).id
        let item = CreateItem(sku: "TEA-1", name: "Green tea", price: "2.50")
        tea = try await ims.createItem(context: .now("test"), request: item).id
        let goods = [CostedGoods(item: tea, quantity: 10, unitCost: "1.20")]
        _ = try await ims.receiveStock(context: .now("test"), request: ReceiveStock(site: site, lines: goods))
    }

    func tea(_ quantity: Quantity) -> Sell {
        Sell(site: site, lines: [OrderedLine(item: tea, quantity: quantity)])
    }

    func available() async throws -> String {
        let query = StockQuery(item: tea, now: Date())
        return try await ims.stock(query: query, page: PageRequest()).rows[0].available.text
    }
}

@Sendable func aSaleIsAnsweredWithItsOrder() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    let sold = try await shop.ims.sell(context: .now("till"), request: shop.tea(3))
    try same(sold.order.total.decimal, Decimal(string: "7.5"))
    try same(sold.order.status, .shipped)
    try same(await shop.available(), "7")
    try same(await shop.ims.verify().ok, true)
}

@Sendable func aRefusalCarriesItsNumbers() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    let error = try await thrown { try await shop.ims.sell(context: .now("till"), request: shop.tea(11)) }
    guard case .Rejected(let code, _, .insufficientStock(_, _, let wanted, let available)) = error else {
        throw Wrong(description: "\(error)")
    }
    try same([code, wanted.text, available.text], ["insufficient_stock", "11", "10"])
}

@Sendable func theSameCommandAgainGivesTheSameAnswer() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    let sale = Context.now("till")
    let first = try await shop.ims.sell(context: sale, request: shop.tea(3))
    try same(await shop.ims.sell(context: sale, request: shop.tea(3)), first)
    let error = try await thrown { try await shop.ims.sell(context: sale, request: shop.tea(4)) }
    try same(error.code, "id_reused")
}

@Sendable func whatIsNoNumberIsInvalidInput() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    for text in ["NaN", "1e3", "1,5", "", String(repeating: "9", count: 1_000_000)] {
        let sale = shop.tea(Quantity(text: text))
        let error = try await thrown { try await shop.ims.sell(context: .now("till"), request: sale) }
        try same(error.code, "invalid_input")
    }
}

@Sendable func aClosedShopSaysSo() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    try await shop.ims.shut()
    let error = try await thrown { try await shop.ims.sell(context: .now("till"), request: shop.tea(1)) }
    try same(error.code, "stopped")
}

@Sendable func aPanicIsAnErrorAndTheShopGoesOn() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "panicking:"))
    let error = try await thrown { try await shop.ims.sell(context: .now("panic"), request: shop.tea(1)) }
    try same(error.code, "internal")
    _ = try await shop.ims.sell(context: .now("till"), request: shop.tea(1))
    try same(await shop.available(), "9")
}

@Sendable func aReaderSeesEveryEventOnceAndInOrder() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    let reader = Task {
        var offsets: [UInt64] = []
        for try await event in shop.ims.eventSequence() {
            offsets.append(event.offset)
            if offsets.count == 8 { break }
        }
        return offsets
    }
    for _ in 0..<4 { _ = try await shop.ims.sell(context: .now("till"), request: shop.tea(1)) }
    try same(await reader.value, Array(1...8))
}

@Sendable func manyTasksSellWhatThereIsAndNoMore() async throws {
    let shop = try await TeaShop(in: Ims.open(url: "memory:"))
    let sold = await withTaskGroup(of: Bool.self) { group in
        for till in 0..<40 {
            group.addTask {
                (try? await shop.ims.sell(context: .now("till \(till)"), request: shop.tea(1))) != nil
            }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    try same(sold, 10)
}

@Sendable func aShopInASwiftStoreSells() async throws {
    let store = MapStore()
    let shop = try await TeaShop(in: Ims.openIn(store: store))
    _ = try await shop.ims.sell(context: .now("till"), request: shop.tea(3))
    let hash = try await shop.ims.stateHash()
    try same(await Ims.openIn(store: store).stateHash(), hash)
}

@Sendable func whatAStoreThrowsIsAStoreError() async throws {
    let error = try await thrown {
        try await Ims.openIn(store: FullStore())
            .openShop(context: .now("test"), request: OpenShop(name: "S", currency: "EUR"))
    }
    try same(error.code, "store_full")
}

/// A store of the app's own.
actor MapStore: KeyedStore {
    private var texts: [String: String] = [:]
    private var revision: UInt64 = 0

    func read(ranges: [KeyRange]) async throws -> KeyedRows {
        let rows = ranges.flatMap { range in
            let keys = texts.keys.filter { Array(range.first.utf8).lexicographicallyPrecedes(Array($0.utf8)) || $0 == range.first }
                .filter { Array($0.utf8).lexicographicallyPrecedes(Array(range.last.utf8)) || $0 == range.last }
            let sorted = keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
            return sorted.prefix(Int(range.limit)).map { KeyedRow(key: $0, text: texts[$0] ?? "") }
        }
        return KeyedRows(revision: revision, rows: rows)
    }

    func write(change: KeyedWrite) async throws -> Bool {
        if change.seen != revision { return false }
        for row in change.put { texts[row.key] = row.text }
        for key in change.remove { texts[key] = nil }
        revision += 1
        return true
    }
}

final class FullStore: KeyedStore {
    func read(ranges: [KeyRange]) async throws -> KeyedRows { KeyedRows(revision: 0, rows: []) }

    func write(change: KeyedWrite) async throws -> Bool { throw KeyedStoreError.Failed(kind: .full, reason: "no room") }
}
