public import Merge
import Sealing
public import SyncProtocol
public import Trust

/// How a workstation belongs to its line.
public struct Membership: Sendable {
    public var lineName: String
    /// The server's address.
    public var server: String
    public var keys: DeviceKeys
    public var roster: Roster
    /// The line's keys that are here; nil where no box could be opened yet.
    public var keyring: Keyring?
    /// What this workstation wrote on a branch of the roster that does not count, to be written again.
    public var wanted: [Wanted] = []

    public struct Wanted: Sendable, Hashable {
        public var ordinal: Int64
        public var act: RosterAct
    }

    /// Workstations whose removal stands on a branch that does not count, and who are in the line again: no key is given to them, and
    /// nothing is sealed or taken in while they have one.
    public var returned: [DeviceID] {
        wanted.flatMap { wanted -> [DeviceID] in
            guard case .remove(let devices, _) = wanted.act else { return [] }
            return devices.filter { roster.state.member($0) != nil }
        }
    }

    public var line: LineID { roster.line }
    public var device: DeviceID { keys.id }
    /// What people call this workstation; nil where the key that it was sealed with is not here.
    public var name: String? { name(of: device) }
    public var isLead: Bool { roster.state.isLead(device) }
    /// A lead has removed it: it syncs no more.
    public var isRemoved: Bool { roster.state.members[device].map { !$0.isPresent } ?? false }
    /// Whether the newest of the line's keys is here. Without it nothing can be sent or taken in.
    public var hasNewestKey: Bool { keyring?.current.epoch == roster.state.epoch }

    /// What the leads have settled about what is destroyed, as it was sealed into the roster; nil where nothing is, or the key is
    /// not here: see ``hasUnreadRules``.
    public var rules: [UInt8]? { roster.state.sealedRules.flatMap { keyring?.open(rules: $0) } }
    /// There are rules which cannot be read here: nothing may be destroyed by rule then.
    public var hasUnreadRules: Bool { roster.state.sealedRules != nil && rules == nil }

    /// What people call those whose writes carry a tag: one workstation as a rule, in the order in which they came; also ones that
    /// have left. None where it was written before its workstation had joined.
    public func names(of tag: DeskTag) -> [String] {
        roster.state.members.filter { DeskTag($0.key) == tag }.sorted { $0.value.admitted < $1.value.admitted }
            .compactMap { name(of: $0.key) }
    }

    public func name(of device: DeviceID) -> String? {
        guard let sealed = roster.state.members[device]?.sealedName else { return nil }
        return keyring?.open(name: sealed)
    }
}
