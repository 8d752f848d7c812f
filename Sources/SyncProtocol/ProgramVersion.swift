/// A version of a program: three numbers with dots between them, such as `0.1.0`.
public struct ProgramVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let numbers: [UInt32]

    /// Nil for what is no version.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.allSatisfy { (0x30...0x39).contains($0) } ? UInt32(String(decoding: part, as: UTF8.self)) : nil
        }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        self.numbers = numbers
    }

    public static func < (left: ProgramVersion, right: ProgramVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    public var description: String { numbers.map(String.init).joined(separator: ".") }
}
