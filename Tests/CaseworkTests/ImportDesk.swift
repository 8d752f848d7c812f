import Replica
import TestSupport
import Testing

@testable import Casework

/// A desk that imports, with what it was told.
final class ImportDesk {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode
    private(set) var bad: [ImportBadRow] = []
    private(set) var outcomes: [ImportRowOutcome] = []

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S9")
    }

    init(_ casework: Casework) throws {
        self.casework = casework
        author = try AuthorCode("S9")
    }

    @discardableResult
    func run(_ bytes: [UInt8], _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> ImportReport {
        var options = ImportOptions()
        try change(&options)
        let report = try CaseImport(casework, by: author, options).run(ImportBytes(bytes), listeners: listeners())
        #expect(report.bad == bad.count { !$0.isKnown })
        #expect(outcomes.count == report.added + report.known + report.bad)
        return report
    }

    @discardableResult
    func run(_ text: String, _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> ImportReport {
        try run(Array(text.utf8), change)
    }

    @discardableResult
    func runDirectory(
        _ bytes: [UInt8], _ change: (inout ImportOptions) throws -> Void = { _ in }
    ) throws -> ImportReport {
        var options = ImportOptions()
        try change(&options)
        return try DirectoryImport(casework, by: author, options).run(ImportBytes(bytes), listeners: listeners())
    }

    private func listeners() -> ImportListeners {
        bad = []
        outcomes = []
        var listeners = ImportListeners()
        listeners.onBadRow = { self.bad.append($0) }
        listeners.onRow = { self.outcomes.append($0.outcome) }
        return listeners
    }

    /// The file of refused rows of the latest import.
    var rejects: String {
        guard let first = bad.first else { return "" }
        return String(decoding: first.header + bad.flatMap { [0x0A] + $0.bytes } + [0x0A], as: UTF8.self)
    }

    /// Lines that were refused, without those that had been taken over before.
    var refusedLines: [Int] { bad.filter { !$0.isKnown }.map(\.line) }

    /// What a refused file said, for it must have changed nothing.
    func refusal(_ bytes: [UInt8], _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> String {
        let fingerprint = try casework.replica.status().fingerprint
        defer { #expect((try? casework.replica.status().fingerprint) == fingerprint) }
        let error = #expect(throws: CaseworkError.self) { try self.run(bytes, change) }
        #expect(error?.code == .badFile)
        return error?.message ?? ""
    }

    func refusal(_ text: String, _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> String {
        try refusal(Array(text.utf8), change)
    }

    func notes() throws -> [String] {
        try casework.list().reversed().flatMap { try casework.show(#require($0.reference)).notes.map(\.text) }
    }

    func contacts() throws -> [[String]] {
        try casework.list().reversed().map { try casework.show(#require($0.reference)).contacts.map(\.kind) }
    }
}
