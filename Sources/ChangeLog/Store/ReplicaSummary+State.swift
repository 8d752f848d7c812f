import Merge
import SyncProtocol

extension ReplicaSummary {
    init(_ replica: ReplicaState, of device: DeviceRow, head: UInt64) {
        self.init(
            replica: replica.replica, device: replica.device, deviceID: device.id, name: device.label ?? "",
            isRevoked: device.standing != .present || device.isBlocked, lastSeen: replica.lastSeen,
            cursor: replica.cursor, lag: head - min(replica.cursor, head), pending: replica.pending,
            oldestPending: replica.oldestPending, clockOffsetMilliseconds: replica.clockOffset,
            schema: replica.schema, isVerified: replica.verified, agreed: replica.agreed,
            lastNumber: replica.lastNumber, condition: replica.condition)
    }
}
