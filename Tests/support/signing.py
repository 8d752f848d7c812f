"""Signs requests to a Lugn server as a workstation or an operator does, by Protocol/README.md and docs/trust.md.

An implementation of its own: what it signs, the server must take. Ed25519 and X25519 are libsodium's, by ctypes.
"""

import base64
import ctypes
import hashlib

_sodium = ctypes.CDLL("libsodium.so.23")
_sodium.sodium_init()


def _pair(function, seed):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    function(public, secret, seed)
    return public.raw, secret.raw


def _derived(seed, number):
    """libsodium's crypto_kdf: BLAKE2b keyed with the seed, the number as salt and the kind of keys as personalization."""
    return hashlib.blake2b(key=seed, digest_size=32, salt=number.to_bytes(8, "little"), person=b"lugnkeys").digest()


def _seed(path, head):
    words = open(path, encoding="ascii").read().split()
    assert words[0] == head and len(words) == 2, f"{path} is no {head}"
    return bytes.fromhex(words[1])


def digest(body):
    """The value of Content-Digest (RFC 9530)."""
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


class Signer:
    """HTTP Message Signatures (RFC 9421) in the one form that Lugn has."""

    def __init__(self, secret, identity, tag):
        self.secret, self.identity, self.tag = secret, identity, tag

    @classmethod
    def device(cls, data):
        """The workstation whose data folder this is."""
        seed = _seed(data + "/replica.db-keys", "lugn-device-keys-2")
        signing, secret = _pair(_sodium.crypto_sign_seed_keypair, _derived(seed, 1))
        box, _ = _pair(_sodium.crypto_box_seed_keypair, _derived(seed, 2))
        return cls(secret, cls.identity_of(b"lugn device 2", signing + box), "lugn-2")

    @classmethod
    def operator(cls, path):
        signing, secret = _pair(_sodium.crypto_sign_seed_keypair, _seed(path, "lugn-operator-key-2"))
        return cls(secret, cls.identity_of(b"lugn operator 2", signing), "lugn-operator-2")

    @staticmethod
    def identity_of(purpose, keys):
        return hashlib.blake2b(purpose + keys, digest_size=32).digest()[:16]

    def headers(self, method, route, body=b"", ticket="", body_digest=None):
        """What a signed request carries, beside its body.

        body_digest: where the body that is sent is another one than was signed for.
        """
        body_digest = body_digest or digest(body)
        parameters = (f'("@method" "lugn-route" "content-digest");nonce="{ticket}";keyid="{self.identity.hex()}"'
                      f';alg="ed25519";tag="{self.tag}"')
        base = (f'"@method": {method}\n"lugn-route": {route}\n"content-digest": {body_digest}\n'
                f'"@signature-params": {parameters}').encode()
        signature = ctypes.create_string_buffer(64)
        _sodium.crypto_sign_detached(signature, None, base, ctypes.c_ulonglong(len(base)), self.secret)
        return {
            "Lugn-Route": route, "Content-Digest": body_digest, "Signature-Input": "lugn=" + parameters,
            "Signature": "lugn=:" + base64.b64encode(signature.raw).decode() + ":",
        }
