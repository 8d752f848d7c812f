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

    /// Whether a box opens with a workstation's key and holds what the roster has committed to, whatever else is known.
    public func isGood(_ box: EpochBox, key: BoxKey) -> Bool {
        guard box.epoch >= 1, box.epoch <= epoch, let secret = key.open(box.box),
            let opened = EpochKey(epoch: box.epoch, secret: secret)
        else { return false }
        return opened.commitment(line: line) == epochs[Int(box.epoch) - 1].commitment
    }

    /// Everybody who is to have the newest key.
    public var keyHolders: [DeviceID] { present + [recoveryID] }
}
