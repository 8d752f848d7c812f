import Testing

@testable import Commands

@Suite struct EditDistanceTests {
    @Test(
        "insertions, deletions, replacements and swaps each cost one",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1),
            ("kitten", "sitting", 3), ("å", "a\u{30A}", 0),
        ])
    func distance(_ first: String, _ second: String, _ expected: Int) {
        #expect(EditDistance.distance(Array(first), Array(second)) == expected)
    }

    @Test("only what is near enough is suggested")
    func nearest() {
        #expect(EditDistance.nearest(to: "--dta", among: ["--json", "--data"]) == "--data")
        #expect(EditDistance.nearest(to: "--conc", among: ["--caller", "--concern"]) == "--concern")
        #expect(EditDistance.nearest(to: "--zebra", among: ["--json", "--data"]) == nil)
        #expect(EditDistance.nearest(to: "--x", among: ["--y"]) == nil)
        #expect(EditDistance.nearest(to: "--x", among: []) == nil)
    }
}
