// Built by the target's owner.
