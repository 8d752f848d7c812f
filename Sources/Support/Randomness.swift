/// A source of random 64-bit words that can be replaced: simulations give a seed, programs use `.system`.
public struct RandomSource: Sendable, RandomNumberGenerator {
    /// Returns the next word; each word is uniform over all 64-bit values.
    public var nextWord: @Sendable () -> UInt64

    public init(nextWord: @escaping @Sendable () -> UInt64) {
        self.nextWord = nextWord
    }

    /// The operating system's cryptographically secure generator.
    public static let system = RandomSource {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// A repeatable sequence (SplitMix64) for tests and simulations. Never for secrets: it is predictable.
    ///
    /// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    public static func seeded(_ seed: UInt64) -> RandomSource {
        let state = Lock(seed)
        return RandomSource {
            state.withLock { state in
                state &+= 0x9E37_79B9_7F4A_7C15
                var word = state
                word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
                return word ^ (word >> 31)
            }
        }
    }

    public mutating func next() -> UInt64 {
        nextWord()
    }

    /// Returns `count` random bytes.
    public func bytes(count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            var word = nextWord()
            for _ in 0..<min(8, count - result.count) {
                result.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return result
    }
}
