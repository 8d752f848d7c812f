import Testing

@testable import Casework

@Suite("Swedish order")
struct SwedishOrderTests {
    @Test("Å, Ä and Ö come last, small and capital letters together, accents with their letters", arguments: 0..<20)
    func order(seed: Int) {
        let sorted = [
            "", "3 rum", "Abbe", "ANNA", "Anna", "anna", "Anna-Lisa", "Annaberg", "de la Cruz", "Dela", "Édith",
            "Edvin",
            "Müller", "Myllery", "Zorn", "Åsa", "åse", "Ängen", "Æsop", "O\u{308}stan", "Östen", "Øystein",
        ]
        var shuffled = sorted
        var state = UInt64(seed)
        for index in shuffled.indices.reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            shuffled.swapAt(index, Int(state >> 33) % (index + 1))
        }
        #expect(shuffled.sorted(by: SwedishOrder.isBefore) == sorted)
    }
}
