public import Sealing

extension RosterState {
    /// Seals a key to workstations that are present, and to recovery. Others get none.
    public func boxes(of key: EpochKey, for devices: [DeviceID]) -> [EpochBox] {
        devices.compactMap { device in
            let target = device == recoveryID ? recovery.box : member(device)?.keys.box
            guard let target, let box = BoxKey.seal(key.secret, to: target) else { return nil }
            return EpochBox(device: device, epoch: key.epoch, box: box)
        }
    }

    /// Everybody who is to have the newest key.
    public var keyHolders: [DeviceID] { present + [recoveryID] }
}
