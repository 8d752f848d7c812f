import Replica

/// Whether it is sure which log a file is part of.
///
/// Helplines number their cases from 1 over and over: a key that an earlier import brought may be the same case or another
/// one. A file that has a row of the case that is here already is the same log, grown; of others, the name must be given.
struct LogNaming {
    private let log: String?
    /// What the rows would be in the log without a name.
    private let main: ImportIdentity
    private var rowCount = 0
    private var knownInMain = 0
    private var known = 0
    private var strangers = 0
    private var firstLine: Int?
    private var erased = 0

    init(_ log: String?, key: [UInt8]?) throws {
        self.log = log
        main = try ImportIdentity(key: key)
    }

    private var isMain: Bool { log == nil || log == ImportOptions.mainLog }

    mutating func look(_ row: ImportRow, isKnown: Bool, _ snapshot: borrowing Snapshot) throws {
        rowCount += 1
        if isKnown { known += 1 }
        if isMain { return }
        if try snapshot.isKnown(CaseworkSchema.Contacts.collection, main.ids("contact", row)) { knownInMain += 1 }
    }

    mutating func meet(_ here: ImportIdentity.KeyedCase?, hasKnownRow: Bool, line: Int?) {
        guard let here, !hasKnownRow else { return }
        switch here {
        case .here:
            strangers += 1
            firstLine = [firstLine, line].compactMap { $0 }.min()
        case .erased: erased += 1
        }
    }

    /// Errors: `badFile`.
    func check() throws(CaseworkError) {
        if log == nil, strangers > 0 || (erased > 0 && known == 0) {
            throw CaseworkError(
                .badFile, firstLine == nil ? "log.known" : "log.knownFrom",
                [
                    "count": "\(max(strangers, erased))", "line": "\(firstLine ?? 0)",
                    "main": "\(ImportOptions.mainLog)",
                ])
        }
        if !isMain, known == 0, knownInMain * 2 > rowCount {
            throw CaseworkError(
                .badFile,
                "log.unnamed", ["count": "\(knownInMain)", "rows": "\(rowCount)"]
            )
        }
    }
}
