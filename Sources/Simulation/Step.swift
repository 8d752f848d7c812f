/// One thing that happens in a run. Numbers of desks, records and backups are taken modulo how many there are, so that
/// a step keeps a meaning when others before it are taken away.
public struct Step: Hashable, Sendable, CustomStringConvertible {
    /// Milliseconds after the step before.
    public var delay: Int64
    public var action: Action

    public init(after delay: Int64 = 1_000, _ action: Action) {
        self.delay = delay
        self.action = action
    }

    public enum Action: Hashable, Sendable {
        /// Sets fields of a record; bit 0 is the name, 1 the height, 2 the soil (of a newer schema), 3 the leaf's name.
        case write(desk: Int, record: Int, fields: Int, padding: Int)
        /// A form is opened: what is shown now is what a later `saveForm` has seen.
        case openForm(desk: Int, record: Int)
        case saveForm(desk: Int, fields: Int)
        case addNote(desk: Int, record: Int)
        /// A record of a collection that older schemas do not have.
        case writeTool(desk: Int, record: Int)
        case erase(desk: Int, record: Int)
        case settle(desk: Int, takeOther: Bool)
        case takeNumbers(desk: Int, count: Int)
        /// More than the server takes.
        case writeTooMuch(desk: Int, record: Int)
        case sync(desk: Int)
        case watch(desk: Int)
        case stopWatching(desk: Int)
        case crash(desk: Int)
        case crashServer
        case backUp(desk: Int)
        /// A backup, or a copy of a running workstation, is opened beside the original.
        case openCopy(backup: Int)
        /// A workstation is put back to an earlier backup of itself.
        case restore(desk: Int)
        case backUpServer
        case restoreServer(backup: Int)
        case clock(desk: Int, fault: ClockFault)
        case serverClock(fault: ClockFault)
        /// Bit n cuts desk n off.
        case partition(desks: UInt64)
        case reconnect
        case upgrade(desk: Int)
        /// The power fails at the nth call from now on that changes the disk.
        case cutPower(desk: Int, call: Int)
        case cutServerPower(call: Int)
        case fillDisk(desk: Int)
        case fillServerDisk
        /// Whatever ails the disks is over.
        case repairDisks
        /// A bit of a sealed value changes on the server's disk; a row of it, or of a workstation's, is gone.
        case flipServerBit(row: Int, bit: Int)
        case loseServerRow(row: Int)
        case loseDeskRow(desk: Int, row: Int)
        /// Everything is compared with the server, each value too.
        case verify(desk: Int)
        /// A workstation joins that has nothing yet.
        case lateJoin(isNewer: Bool)
        /// Everything works for a while, everybody syncs, and all is checked.
        case settleAll
    }

    public var description: String { "+\(delay)ms \(action)" }
}
