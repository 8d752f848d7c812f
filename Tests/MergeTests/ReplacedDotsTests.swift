import Merge
import TestSupport
import Testing

@Suite("What a change replaces")
struct ReplacedDotsTests {
    /// The same as a dictionary, which needs no order.
    private func model(_ dots: ReplacedDots) -> [UInt64: UInt64] {
        Dictionary(uniqueKeysWithValues: dots.elements.map { ($0.dot.rawValue, $0.fields.rawValue) })
    }

    private func random(_ random: inout SplitMix64) -> [UInt64: UInt64] {
        (0..<Int.random(in: 0...8, using: &random)).reduce(into: [:]) { names, _ in
            names[.random(in: 0...12, using: &random)] = .random(in: 1...15, using: &random)
        }
    }

    @Test("union, restriction and removal are those of sets, and keep the order of dots")
    func operations() {
        var generator = SplitMix64(seed: 11)
        for round in 0..<2_000 {
            let (first, second) = (random(&generator), random(&generator))
            var union = replaced(first)
            union.formUnion(replaced(second))
            #expect(model(union) == first.merging(second) { $0 | $1 }, "round \(round)")
            #expect(union.elements.map(\.dot) == union.elements.map(\.dot).sorted())
            let mask = UInt64.random(in: 0...15, using: &generator)
            let kept = first.mapValues { $0 & mask }.filter { $0.value != 0 }
            #expect(model(replaced(first).intersection(FieldMask(rawValue: mask))) == kept, "round \(round)")
            let dot = UInt64.random(in: 0...12, using: &generator)
            #expect(model(replaced(first).removing(Dot(rawValue: dot))) == first.filter { $0.key != dot })
            #expect(replaced(first).fields(of: Dot(rawValue: dot)).rawValue == first[dot] ?? 0)
        }
    }

    @Test("no field, no name")
    func empty() {
        var dots = ReplacedDots()
        dots.insert(Dot(rawValue: 1), fields: .empty)
        #expect(dots.isEmpty)
        #expect(dots == ReplacedDots.none)
    }

    @Test("a list out of order, with a dot twice or without fields is refused")
    func sorted() {
        func dots(_ list: [(UInt64, UInt64)]) -> ReplacedDots? {
            ReplacedDots(sorted: list.map { .init(dot: Dot(rawValue: $0.0), fields: FieldMask(rawValue: $0.1)) })
        }
        #expect(dots([]) == ReplacedDots.none)
        #expect(dots([(1, 1), (2, 3)]) == replaced([1: 1, 2: 3]))
        #expect(dots([(2, 1), (1, 1)]) == nil)
        #expect(dots([(1, 1), (1, 2)]) == nil)
        #expect(dots([(1, 0)]) == nil)
    }

    @Test("the stored form comes back as it was; what is longer, shorter or cut is none")
    func bytes() {
        var generator = SplitMix64(seed: 12)
        for _ in 0..<500 {
            let dots = replaced(random(&generator))
            let bytes = dots.encoded()
            #expect(ReplacedDots(encoded: bytes.span) == dots)
            #expect(ReplacedDots(encoded: (bytes + [0]).span) == nil)
            for end in bytes.indices { #expect(ReplacedDots(encoded: Array(bytes[..<end]).span) == nil) }
        }
        // A number in a longer form than it needs.
        #expect(ReplacedDots(encoded: ([0x80, 0x00] as [UInt8]).span) == nil)
        // More than 64 bits.
        #expect(ReplacedDots(encoded: ([UInt8](repeating: 0xFF, count: 9) + [0x02]).span) == nil)
    }
}
