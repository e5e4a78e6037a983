import Foundation

/// A whole number or a text: `3`, `"0.125"`. There is none for floating-point numbers: they are not exact.
extension Quantity: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self.init(text: text) }
    public init(integerLiteral number: Int) { self.init(text: String(number)) }
    public init(_ number: Decimal) { self.init(text: plain(number)) }

    /// The quantity as a number.
    public var decimal: Decimal? { number(text) }
}

/// A whole number or a text: `12`, `"2.50"`. There is none for floating-point numbers: they are not exact.
extension Amount: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self.init(text: text) }
    public init(integerLiteral number: Int) { self.init(text: String(number)) }
    public init(_ number: Decimal) { self.init(text: plain(number)) }

    /// The amount as a number.
    public var decimal: Decimal? { number(text) }
}

extension CommandId {
    /// Makes an id for a new command: a UUID of version 7, which keeps the indexes of a database compact.
    public static func random() -> CommandId {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        let now = UInt64(Date().timeIntervalSince1970 * 1_000)
        for place in 0..<6 { bytes[place] = UInt8(truncatingIfNeeded: now >> (40 - 8 * UInt64(place))) }
        bytes[6] = 0x70 | (bytes[6] & 0x0f)
        bytes[8] = 0x80 | (bytes[8] & 0x3f)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(Array(hex)[range])
        }
        return CommandId(text: parts.joined(separator: "-"))
    }
}

extension Context {
    /// What a new command comes with that is given now. To send a command again, keep its context.
    public static func now(_ actor: String) -> Context {
        Context(id: .random(), actor: actor, now: Date())
    }
}

private let neutral = Locale(identifier: "en_US_POSIX")

private func number(_ text: String) -> Decimal? { Decimal(string: text, locale: neutral) }

private func plain(_ number: Decimal) -> String { NSDecimalNumber(decimal: number).description(withLocale: neutral) }
