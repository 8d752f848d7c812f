import Sealing

/// What is printed and put into two safes: the seed of the line's recovery keys, in groups that can be typed.
///
/// Thirteen groups of four characters and a check character each, which also depends on the group's place, so that swapped
/// groups are noticed; O and 0, I and 1 are the same. The line's id is printed on it too, and is no secret.
public struct RecoverySheet: Sendable {
    public let keys: DeviceKeys

    public init(keys: DeviceKeys) { self.keys = keys }

    private static let groupCharacters = 4
    public static let groupCount = 13

    /// Groups of five characters. To be shown once, and never kept.
    public var groups: [String] {
        var seed = keys.seed.copied()
        defer { SecretBytes.wipe(&seed) }
        let text = Array(Base32.text(seed))
        return (0..<Self.groupCount).map { index in
            let group = text[(index * Self.groupCharacters)...].prefix(Self.groupCharacters)
            return String(group) + String(Self.check(group, place: index))
        }
    }

    /// Which group is wrong, from 1 on; nil for the number of groups.
    public struct Mistyped: Error, Hashable, Sendable {
        public var group: Int?
    }

    /// Reads what was typed, forgivingly.
    public init(typed text: String) throws(Mistyped) {
        let characters = Array(text.filter { !$0.isWhitespace && $0 != "-" })
        guard characters.count == Self.groupCount * (Self.groupCharacters + 1) else { throw Mistyped(group: nil) }
        var digits = ""
        for index in 0..<Self.groupCount {
            let group = characters[(index * 5)..<(index * 5 + 5)].map { character in
                character.unicodeScalars.count == 1
                    ? character.unicodeScalars.first.flatMap { Base32.value($0) }.map(Base32.character) : nil
            }
            let known = group.compactMap(\.self)
            guard known.count == 5, known[4] == Self.check(known[..<4], place: index) else {
                throw Mistyped(group: index + 1)
            }
            digits += String(known[..<4])
        }
        guard var seed = Base32.bytes(digits), let keys = DeviceKeys(seed: SecretBytes(copying: seed)) else {
            throw Mistyped(group: Self.groupCount)
        }
        SecretBytes.wipe(&seed)
        self.keys = keys
    }

    /// A weighted sum in the field of 32 elements, with the group's place in it. The weights are different powers of x, none
    /// of them 1: so it finds every single wrong character, every swap of two characters, and every swap of two groups. (A sum
    /// modulo a prime below 32 would take the first digit for the last one.)
    private static func check(_ group: some Sequence<Character>, place: Int) -> Character {
        var sum = place + 1
        for (index, character) in group.enumerated() {
            var product = character.unicodeScalars.first.flatMap { Base32.value($0) } ?? 0
            for _ in 0...index { product = timesX(product) }
            sum ^= product
        }
        return Base32.character(sum)
    }

    /// Multiplies by x modulo x⁵ + x² + 1.
    private static func timesX(_ value: Int) -> Int { value << 1 & 31 ^ (value & 16 == 0 ? 0 : 0b00101) }
}
