/// What a repair found and kept.
public struct RepairReport: Sendable, Hashable {
    /// Records and notes that could be read.
    public var records = 0
    /// Commits that the server has not acknowledged, and that go on waiting.
    public var unsent = 0
    /// Rows that could be read and made no sense.
    public var refusedRows = 0
    /// A part of the file could not be read at all: what stood there comes from the server, if it was ever sent.
    public var hasGaps = false
    /// Some of what had not been sent could not be read. It was on this computer only.
    public var mayLackUnsent = false
    /// Whose replica it is could not be read: the workstation has to join again.
    public var hasLostIdentity = false
    /// Where the file as it was lies now, everything in it in clear.
    public var damagedPath = ""
}
