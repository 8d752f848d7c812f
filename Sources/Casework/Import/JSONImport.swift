import JSON
import Merge
import Replica
public import Support
import SyncProtocol

/// What an import of an export has done.
public struct JSONImportReport: Sendable {
    public var added = 0
    /// Records that are here already, whatever they say now, or were erased.
    public var known = 0
    /// Records that were refused.
    public var bad = 0
    /// Texts that were taken over, and in which the personal data guard finds what nobody has marked. They were written
    /// somewhere with another directory, or before there was a guard.
    public var flagged = 0
}

/// Reads what `Casework.exportJSON` wrote, and adds the records that are not here, with the same ids and values.
///
/// What is here is left as it is, and what was erased stays so: done twice, nothing changes. Memory does not grow with the
/// document; each of the transactions has at most a thousand records. Texts are not refused for what they hold, for they
/// were accepted once, and a part of the whole would be lost; they are counted.
public struct JSONImport {
    public struct BadRecord: Sendable {
        /// Of its collection, from 1.
        public var number: Int
        public var collection: String
        public var reason: Message
    }

    let casework: Casework
    let author: AuthorCode
    private var report = JSONImportReport()
    private var batch: [ImportedRecord] = []
    private var batchBytes = 0
    private var erased: Set<RecordID> = []
    private let watch: TextGuard
    private let today: CalendarDate

    static let recordsPerTransaction = 1_000
    /// With a last record of any size that is taken, less than a commit may have.
    private let bytesPerTransaction: Int

    /// - Parameter author: who imports.
    public init(_ casework: Casework, by author: AuthorCode) throws {
        self.casework = casework
        self.author = author
        bytesPerTransaction = casework.replica.limits.commitBytes / 4
        watch = try casework.textGuard()
        today = try casework.currentDay()
    }

    /// Reads the document's bytes one by one from `next`.
    ///
    /// Errors: `badFile` for what is no export, or one of a newer version: what stood before the fault is kept.
    public mutating func run(
        next: @escaping () throws -> UInt8?, onBadRecord: (BadRecord) -> Void = { _ in },
        onProgress: (JSONImportReport) -> Void = { _ in }
    ) throws -> JSONImportReport {
        do {
            try readDocument(next, onBadRecord, onProgress)
        } catch {
            // Whatever ends the reading: what was read until then is whole.
            try save(onBadRecord)
            onProgress(report)
            guard let fault = error as? JSONParseError else { throw error }
            throw CaseworkError(
                .badFile, "export.damaged", ["fault": "\(fault)"], cause: fault)
        }
        return report
    }

    private mutating func readDocument(
        _ next: @escaping () throws -> UInt8?, _ onBadRecord: (BadRecord) -> Void,
        _ onProgress: (JSONImportReport) -> Void
    ) throws {
        var stream = JSONStream(next: next)
        try readHead(&stream)
        var isFirst = true
        while try isFirst ? !stream.take("}") : stream.take(",") {
            try readCollection(&stream, onBadRecord, onProgress)
            isFirst = false
        }
        if !isFirst { try stream.expect("}") }
        try stream.expect("}")
        try stream.end()
    }

    private func readHead(_ stream: inout JSONStream) throws {
        try stream.expect("{")
        let format = try readMember("format", &stream)
        try stream.expect(",")
        let version = try readMember("version", &stream)
        try stream.expect(",")
        let schema = try readMember("schema", &stream)
        guard format.string == Casework.exportFormat, let made = version.integer, let data = schema.integer else {
            throw Self.noExport
        }
        guard made <= Casework.exportVersion, data <= Int64(CaseworkSchema.schema.version) else {
            throw CaseworkError(
                .badFile, "export.newer")
        }
        try stream.expect(",")
        guard try stream.name() == "collections" else { throw Self.noExport }
        try stream.expect("{")
    }

    private func readMember(_ name: String, _ stream: inout JSONStream) throws -> JSONValue {
        guard try stream.name() == name else { throw Self.noExport }
        return try stream.element()
    }

    private static var noExport: CaseworkError {
        CaseworkError(.badFile, "export.none")
    }

    private mutating func readCollection(
        _ stream: inout JSONStream, _ onBadRecord: (BadRecord) -> Void, _ onProgress: (JSONImportReport) -> Void
    ) throws {
        let name = try stream.name()
        guard let collection = CaseworkSchema.schema.collections.first(where: { $0.name == name }) else {
            throw CaseworkError(
                .badFile, "export.collection")
        }
        try stream.expect("[")
        var number = 0
        while try number == 0 ? !stream.take("]") : stream.take(",") {
            number += 1
            let element = try stream.element()
            do {
                let record = try ImportedRecord(element, collection, number: number, casework.replica.limits)
                batch.append(record)
                batchBytes += record.bytes
            } catch {
                report.bad += 1
                onBadRecord(BadRecord(number: number, collection: name, reason: error.told))
            }
            if batch.count == Self.recordsPerTransaction || batchBytes >= bytesPerTransaction {
                try save(onBadRecord)
                onProgress(report)
            }
        }
        if number > 0 { try stream.expect("]") }
        // Parents come before their children: each collection is whole before the next begins.
        try save(onBadRecord)
        onProgress(report)
    }

    private mutating func save(_ onBadRecord: (BadRecord) -> Void) throws {
        let records = batch
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
        if records.isEmpty { return }
        let outcomes = try casework.replica.write { transaction in
            try records.map { try $0.save(transaction, erased: erased) }
        }
        for (record, outcome) in zip(records, outcomes) {
            switch outcome {
            case .added:
                report.added += 1
                if try isFlagged(record) { report.flagged += 1 }
            case .known: report.known += 1
            case .erased:
                report.known += 1
                if record.mayHaveChildren { erased.insert(record.id) }
            case .orphan:
                report.bad += 1
                onBadRecord(
                    BadRecord(
                        number: record.number, collection: record.collection.name,
                        reason: .words("import.orphan")))
            }
        }
    }

    private func isFlagged(_ record: ImportedRecord) throws -> Bool {
        guard let (text, marks) = record.text else { return false }
        do {
            try watch.check(MarkedText(text, notPersonalData: marks), by: author, on: today)
            return false
        } catch {
            // A mark on what the directory allows here is no fault.
            return error.code == .personalData
        }
    }
}
