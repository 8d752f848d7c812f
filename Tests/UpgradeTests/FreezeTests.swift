import Foundation
import SQLite
import Testing

/// Makes the frozen files of the present format version. Never by accident: docs/format-versions.md says when.
@Suite("Freezing")
struct FreezeTests {
    @Test(
        "this version's files and messages are frozen",
        .enabled(if: ProcessInfo.processInfo.environment["LUGN_FREEZE"] == "1", "only with LUGN_FREEZE=1"))
    func freeze() async throws {
        let folder = Frozen.all.appendingPathComponent("format-\(try PresentFormat().version)")
        // A format that was released is never made again: whoever means it removes the folder.
        try #require(!FileManager.default.fileExists(atPath: folder.path), "it is frozen already")
        try await FixtureMaker(folder: folder).make()
    }
}
