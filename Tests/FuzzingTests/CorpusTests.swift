import Foundation
import Fuzzing
import Testing

/// Every input of the committed corpus, among them each that once broke something, through the harness that it is for.
@Suite struct CorpusTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzzing/corpus")

    @Test("the corpus breaks no property", arguments: Harness.all.map(\.name))
    func replay(name: String) async throws {
        let harness = try #require(Harness.named(name))
        let check = try await harness.start()
        let folder = Self.corpus.appendingPathComponent(name)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let bytes = [UInt8](try Data(contentsOf: file))
            do {
                switch check {
                case .immediate(let body): try body(bytes)
                case .suspending(let body): try await body(bytes)
                }
            } catch {
                Issue.record("\(name)/\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test("every folder of the corpus has a harness, and the whole of it stays small")
    func shape() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path).filter { !$0.hasPrefix(".") }
        #expect(Set(names) == Set(Harness.all.map(\.name)))
        var total = 0
        for name in names {
            let folder = Self.corpus.appendingPathComponent(name)
            for file in try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.fileSizeKey])
            {
                let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                #expect(size < 16 << 10, "\(name)/\(file.lastPathComponent)")
                total += size
            }
        }
        #expect(total < 2 << 20)
    }
}
