import Casework
import JSON
import Replica

/// The import of an export, on a line of its own: every record is taken or reported, what is refused is no export, and
/// no refusal holds what stands in the file. What was taken is exported so that it is the same when it is imported
/// elsewhere, also in two parts, the first of them cut short; and the casework can show it, whatever it says.
struct JSONImportHarness: Sendable {
    /// Nothing but a file's content says this.
    private static let marker = "ZQX7"

    private let site: JSONImportSite
    private let author: AuthorCode

    init() throws {
        site = try JSONImportSite()
        author = try AuthorCode("S9")
    }

    @Sendable func run(_ bytes: [UInt8]) throws {
        let here = try site.here()
        let collections = Self.collections(bytes)
        let (done, refusal) = try load(bytes, into: here)
        if refusal == nil, let collections {
            let records = collections.reduce(0) { $0 + $1.count }
            try hold(
                done.added + done.known + done.bad == records, "a record was neither taken nor reported")
        }
        if let refusal, refusal.cause is JSONParseError { try hold(collections == nil, "a whole export is refused") }
        guard done.added > 0 else { return }
        site.hasChanged()
        let text = try export(here, count: done.added)
        try CaseworkViews.show(here)
        let there = try site.there()
        try check(text, cutAfter: bytes.count, in: there, count: done.added)
        try hold(try export(there, count: done.added) == text, "what is exported is not the same when it is imported")
    }

    /// Imports an export cut off behind one of its lines, then the whole of it, then again.
    private func check(_ text: String, cutAfter choice: Int, in there: Casework, count: Int) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let part = lines[..<(choice % (lines.count - 1))]
        let before = part.filter { $0.hasPrefix("{\"id\"") }.count
        let (first, refusal) = try load(Array(part.joined(separator: "\n").utf8), into: there)
        try hold(refusal != nil, "a part of an export is taken for the whole")
        try hold(first.added == before && first.bad == 0, "what stood before a file's fault was not kept")
        let (second, none) = try load(Array(text.utf8), into: there)
        try hold(none == nil && second.bad == 0, "an export is refused")
        try hold(second.known == before && second.added == count - before, "what was kept of a part is not known")
        let (third, _) = try load(Array(text.utf8), into: there)
        try hold(third.added == 0 && third.known == count, "what is imported twice is added twice")
    }

    private struct Counts: Hashable {
        var added = 0
        var known = 0
        var bad = 0
    }

    /// What was done, also before the refusal.
    private func load(
        _ bytes: [UInt8], into casework: Casework
    ) throws -> (counts: Counts, refusal: CaseworkError?) {
        var offset = 0
        var bad = 0
        var counts = Counts()
        var refusal: CaseworkError?
        var reasons: [String] = []
        var job = try JSONImport(casework, by: author)
        do {
            let outcome = try job.run {
                guard offset < bytes.count else { return nil }
                defer { offset += 1 }
                return bytes[offset]
            } onBadRecord: {
                bad += 1
                reasons.append(Words(.english)($0.reason))
            } onProgress: {
                counts = Counts(added: $0.added, known: $0.known, bad: $0.bad)
            }
            let whole = Counts(added: outcome.added, known: outcome.known, bad: outcome.bad)
            try hold(whole == counts, "more was done than was told")
            try hold(whole.bad == bad, "bad records are counted differently than they are reported")
        } catch let error as CaseworkError {
            try hold(error.code == .badFile, "a file is refused for another reason than being no export")
            reasons.append("\(error) \(error.message)")
            refusal = error
        }
        try hold(!reasons.contains { $0.contains(Self.marker) }, "a report holds what stands in a file")
        return (counts, refusal)
    }

    private func export(_ casework: Casework, count: Int) throws -> String {
        var text = ""
        let report = try casework.exportJSON { text += $0 }
        try hold(report.records == count && report.unreadable == 0, "not all that was taken is exported")
        return text
    }

    /// The collections of an export as the parser of whole documents sees them; nil for what is none.
    private static func collections(_ bytes: [UInt8]) -> [[JSONValue]]? {
        guard case .object(let members)? = try? JSONValue(parsing: bytes),
            members.map(\.name) == ["format", "version", "schema", "collections"],
            case .object(let collections) = members[3].value
        else { return nil }
        let records = collections.compactMap { $0.value.array }
        return records.count == collections.count ? records : nil
    }
}
