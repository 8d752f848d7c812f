public import SyncProtocol

/// What a store tells of its own accord, because several processes may work on it.
public enum StoreNews: Sendable {
    /// A line has grown, in this process or in another.
    case advanced(LineID, head: UInt64)
    /// In a line somebody's rights have changed, in this process or in another: whoever waits is looked at anew.
    case rightsChanged(LineID)
    /// A line's log lacks what it had: it ends here now. Workstations notice by themselves, and heal.
    case wentBack(LineID, head: UInt64)
    /// The store is another one than before, or an older state of itself.
    ///
    /// - Parameters:
    ///   - lackingLines: lines that were told to have gone back, of those that were looked at.
    ///   - isOtherServer: another cluster or timeline: a standby was promoted, or a backup restored.
    ///   - hasGoneBack: what this process had written last was not there.
    case replaced(lackingLines: Int, isOtherServer: Bool, hasGoneBack: Bool)
}

extension ChangeLog {
    /// Nothing comes from elsewhere where one process has the store for itself.
    public func news() -> AsyncStream<StoreNews> { AsyncStream { $0.finish() } }
}
