/// Every event after an offset, exactly once and in order: first those that are there, then each as it becomes true.
public struct EventSequence: AsyncSequence {
    public typealias Element = Event

    private let shop: Ims
    private let after: UInt64

    init(shop: Ims, after: UInt64) {
        self.shop = shop
        self.after = after
    }

    public func makeAsyncIterator() -> Iterator { Iterator(shop: shop, seen: after) }

    public struct Iterator: AsyncIteratorProtocol {
        private static let pageEvents: UInt32 = 500
        private static let waitMs: UInt32 = 60_000

        private let shop: Ims
        private var seen: UInt64
        private var waiting: ArraySlice<Event> = []

        init(shop: Ims, seen: UInt64) {
            self.shop = shop
            self.seen = seen
        }

        public mutating func next() async throws -> Event? {
            while waiting.isEmpty {
                try Task.checkCancellation()
                let page = try await shop.nextEvents(after: seen, limit: Self.pageEvents, timeoutMs: Self.waitMs)
                waiting = page.events[...]
            }
            let event = waiting.removeFirst()
            seen = event.offset
            return event
        }
    }
}

extension Ims {
    /// Reads the log as it grows. To go on later, keep the offset of the last event that was dealt with.
    public func eventSequence(after offset: UInt64 = 0) -> EventSequence { EventSequence(shop: self, after: offset) }
}
