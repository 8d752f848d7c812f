import Sealing

/// Scatters 0 … 999,999 so that a number tells neither how many there were before nor in what order they came.
///
/// A balanced Feistel network over pairs of halves of 0 … 999, whose round function is keyed BLAKE2b: a bijection for
/// every round function, and with ten rounds of a random-looking one indistinguishable from any other bijection (Luby
/// and Rackoff, 1988; Black and Rogaway, *Ciphers with Arbitrary Finite Domains*, 2002).
struct NumberPermutation: Sendable {
    static let count = 1_000_000
    private static let half = 1_000
    static let rounds = 10

    let roundFunction: @Sendable (_ round: Int, _ half: Int) -> Int

    /// - Parameter key: `Replica.referenceNumberKey()`, the same at every desk of the line.
    init(key: [UInt8]) {
        roundFunction = { round, half in
            let message = [UInt8(round), UInt8(half >> 8), UInt8(half & 0xFF)]
            let word = Blake2b.hash(message, count: 16, key: key).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(word % UInt64(Self.half))
        }
    }

    init(roundFunction: @escaping @Sendable (Int, Int) -> Int) { self.roundFunction = roundFunction }

    /// Cost: ten short hashes, a few microseconds.
    func scatter(_ number: Int) -> Int {
        precondition((0..<Self.count).contains(number))
        var left = number / Self.half
        var right = number % Self.half
        for round in 0..<Self.rounds {
            (left, right) = (right, (left + roundFunction(round, right)) % Self.half)
        }
        return left * Self.half + right
    }
}
