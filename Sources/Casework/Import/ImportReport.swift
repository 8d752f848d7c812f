public import Support

/// What an import has done, or would do.
public struct ImportReport: Sendable {
    /// Rows that were taken over.
    public var added = 0
    /// Of these, those that opened a case.
    public var cases = 0
    /// Rows that an earlier import has brought already.
    public var known = 0
    /// Rows that were refused, each with a reason.
    public var bad = 0
    /// Of ``known``, those of a file of refused rows. A row that was mended may say the same as another one does.
    public var knownMended = 0
    /// The lines of rows that were taken over, and whose text has what looks like personal data.
    public var warnedLines: [Int] = []
    /// How the file was read.
    public var encoding = TextEncoding.utf8
    public var dateFormat = "yyyy-mm-dd"
    /// Rows that were taken over, but say something else of a case than its first row did.
    public var differing = 0
    /// Titles of columns that have no place, and were not taken over.
    public var columnsLeftOut: [String] = []
}

/// A row that was refused.
public struct ImportBadRow: Sendable {
    public var line: Int
    /// Names the column, never what stands in it.
    public var reason: String
    /// Whether it had been taken over before: it stands there because its case waits as a whole.
    public var isKnown = false
    /// The row for the file of what was refused, behind its line and the reason, in UTF-8. This is content.
    public var bytes: [UInt8]
    /// The first line of that file.
    public var header: [UInt8]
}

/// What became of a row, for a trial run.
public struct ImportRowNotice: Sendable {
    public var line: Int
    public var outcome: ImportRowOutcome
}

public enum ImportRowOutcome: Hashable, Sendable {
    case newCase
    /// Another contact of a case; the titles name what the row says differently, and was left as it is.
    case contact(differing: [String])
    case contactWithoutCase
    case newEntry
    case known
    case bad(reason: Message)
}
