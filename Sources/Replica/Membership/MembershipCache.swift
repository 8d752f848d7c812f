import SQLite
import Sealing
import Support
import Trust

/// The membership as it stands in the file, read again when somebody has changed it: opening boxes and reading a long roster for
/// every request would cost more than the request.
final class MembershipCache: Sendable {
    private struct State {
        var version: Int64?
        var membership: Membership?
        var keys: DeviceKeys?
        var ticket = ""
    }
    private let state = Lock(State())
    private let store: any DeviceKeyStore

    init(_ store: any DeviceKeyStore) { self.store = store }

    /// The server's latest ticket; empty before it gave one.
    var ticket: String {
        get { state.withLock { $0.ticket } }
        set { state.withLock { $0.ticket = newValue } }
    }

    /// The workstation's keys; nil if it has none yet.
    func keys() throws -> DeviceKeys? {
        if let keys = state.withLock({ $0.keys }) { return keys }
        guard let keys = try store.load() else { return nil }
        state.withLock { $0.keys = keys }
        return keys
    }

    /// The keys, made now if there are none.
    func madeKeys() throws -> DeviceKeys {
        if let keys = try keys() { return keys }
        do {
            try store.keep(.random())
        } catch {
            // Another process may have been faster.
            guard try store.load() != nil else { throw error }
        }
        guard let keys = try keys() else {
            throw ReplicaError(
                .inaccessible, "this workstation's keys were saved and are not there; nothing was changed")
        }
        return keys
    }

    func membership(_ connection: Connection, _ link: Link) throws -> Membership? {
        if let known = state.withLock({ $0.version == link.membershipVersion ? $0.membership : nil }) { return known }
        let table = RosterTable(connection: connection)
        guard let server = link.server, let roster = try table.roster() else { return nil }
        guard let keys = try keys() else {
            throw ReplicaError(
                .damagedKeys,
                "the file of this workstation's keys is missing; your work is safe here: put the file back from a copy, or join again with an invitation"
            )
        }
        let membership = Membership(
            lineName: link.lineName ?? "", server: server, keys: keys, roster: roster,
            keyring: Keyring(roster.state, boxes: try table.boxes(), key: keys.box),
            wanted: try table.wanted().map { Membership.Wanted(ordinal: $0.ordinal, act: $0.act) })
        state.withLock {
            $0.version = link.membershipVersion
            $0.membership = membership
        }
        return membership
    }
}
