import Commands
import Testing

@Suite struct TableTests {
    @Test("columns line up with Swedish letters, composed or not, and with wide characters")
    func alignment() {
        var table = Table([.init("Namn"), .init("Antal", .right), .init("Ort")])
        table.addRow(["Åsa", "7", "Växjö"])
        table.addRow(["A\u{30A}ke", "1200", "Umeå"])
        table.addRow(["日本", "3", ""])
        #expect(
            table.lines() == [
                "Namn  Antal  Ort",
                "Åsa       7  Växjö",
                "A\u{30A}ke    1200  Umeå",
                "日本      3",
            ])
    }

    @Test("the last column is cut at the width of the terminal")
    func cutting() {
        var table = Table("A", "B")
        table.addRow(["1", "abcdefgh"])
        #expect(table.lines(widthColumns: 8) == ["A  B", "1  abcd…"])
        #expect(table.lines(widthColumns: 11) == ["A  B", "1  abcdefgh"])
        #expect(TerminalText.cut("日本語", toColumns: 4) == "日…")
    }

    @Test("cells cannot control the terminal or break the line")
    func controls() {
        var table = Table("A", "B")
        table.addRow(["x\u{1B}[2J\u{7}", "a\nb\r\nc\u{202E}d"])
        #expect(table.lines().last == "x\u{FFFD}[2J\u{FFFD}  a b  c\u{FFFD}d")
        #expect(TerminalText.lines("a\n\u{9B}b") == "a\n\u{FFFD}b")
    }
}
