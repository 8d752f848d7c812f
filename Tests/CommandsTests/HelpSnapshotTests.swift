import Commands
import Foundation
import Testing

@Suite struct HelpSnapshotTests {
    @Test("the help of the sample program is as in its snapshot files")
    func sampleProgram() {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")
        #expect(HelpSnapshots.differences(of: SampleProgram().program, folder: folder.path) == [])
    }

    @Test("no line of help is wider than 100 columns")
    func width() {
        for (path, text) in SampleProgram().program.helpTexts() {
            for line in text.split(separator: "\n") {
                #expect(TerminalText.widthColumns(String(line)) <= 100, "\(path): \(line)")
                #expect(line.last != " ", "\(path)")
            }
        }
    }

    @Test("changed and missing snapshots are told with the way to renew them")
    func differences() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("snapshots-\(UUID())")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let program = SampleProgram().program
        let count = program.helpTexts().count
        #expect(HelpSnapshots.differences(of: program, folder: folder.path, update: false).count == count)
        #expect(HelpSnapshots.differences(of: program, folder: folder.path, update: true) == [])
        #expect(HelpSnapshots.differences(of: program, folder: folder.path, update: false) == [])
        try "other\n".write(to: folder.appendingPathComponent("sample-case.txt"), atomically: true, encoding: .utf8)
        let differences = HelpSnapshots.differences(of: program, folder: folder.path, update: false)
        #expect(differences.count == 1)
        #expect(differences.first?.hasPrefix("sample-case.txt differs: line 1 was 'other'") == true)
        #expect(differences.first?.contains("LUGN_UPDATE_SNAPSHOTS=1") == true)
    }
}
