//! Keys that a program of their own reads.

use crate::others::Minted;
use crate::others::answer;
use crate::others::private_file;
use crate::others::python;

#[test]
fn age_keygen_finds_the_same_recipient() {
    let minted = Minted::new("age-identity");

    let recipient = answer("age-keygen", "age", ["-y"], &minted.printed);

    assert_eq!(recipient.trim_end(), minted.companion("recipient"));
}

#[test]
fn wg_finds_the_same_public_key() {
    let minted = Minted::new("wireguard");

    let public = answer("wg", "wireguard-tools", ["pubkey"], &minted.printed);

    assert_eq!(public.trim_end(), minted.companion("public-key"));
}

#[test]
fn an_authenticator_reads_the_address_and_shows_the_code_of_the_secret() {
    let minted = Minted::with(&["totp", "--form", "value,otpauth"]);

    let read = python(
        r"
import base64, pyotp, sys
secret, address = sys.stdin.read().split()
app = pyotp.parse_uri(address)
server = pyotp.TOTP(secret)
assert len(base64.b32decode(secret)) == 20
print(app.secret == secret, app.digits, app.interval, app.digest().name, app.at(59) == server.at(59))
",
        minted.value(),
    );

    assert_eq!(read, "True 6 30 sha1 True\n");
}

#[test]
fn ssh_keygen_finds_the_same_public_key() {
    let minted = Minted::new("ssh-ed25519");
    let (_directory, key) = private_file(&minted.printed);

    let line = answer(
        "ssh-keygen",
        "openssh-client",
        ["-y", "-P", "", "-f", key.to_str().unwrap()],
        "",
    );

    assert_eq!(line.trim_end(), minted.companion("public-key"));
}

#[test]
fn a_webhook_signed_with_the_pair_verifies_with_the_public_key() {
    let minted = Minted::new("webhook-ed25519");

    let verdict = python(
        r"
import base64, sys
from cryptography.hazmat.primitives.asymmetric import ed25519
secret, public = sys.stdin.read().split()
assert secret.startswith('whsk_') and public.startswith('whpk_')
pair, public = base64.b64decode(secret[5:], validate=True), base64.b64decode(public[5:], validate=True)
key = ed25519.Ed25519PrivateKey.from_private_bytes(pair[:32])
assert key.public_key().public_bytes_raw() == public == pair[32:]
signed = b'msg_1.1614265330.{}'
ed25519.Ed25519PublicKey.from_public_bytes(public).verify(key.sign(signed), signed)
print('verified')
",
        &format!("{}\n{}", minted.value(), minted.companion("public-key")),
    );

    assert_eq!(verdict, "verified\n");
}

#[test]
fn a_library_of_standard_webhooks_signs_with_the_shared_secret() {
    let minted = Minted::new("webhook");

    let verdict = python(
        r"
import datetime, sys
from standardwebhooks.webhooks import Webhook
hook, now = Webhook(sys.stdin.read().strip()), datetime.datetime.now(datetime.timezone.utc)
headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': str(int(now.timestamp())),
    'webhook-signature': hook.sign('msg_1', now, '{}'),
}
print(hook.verify('{}', headers))
",
        &minted.printed,
    );

    assert_eq!(verdict, "{}\n");
}

#[test]
fn python_reads_version_and_time_of_a_batch_that_sorts() {
    let before = chrono::Utc::now().timestamp_millis();
    let minted = Minted::with(&["uuid-v7", "--count", "5000"]);
    let after = chrono::Utc::now().timestamp_millis();

    let read = python(
        r"
import sys, uuid
lines = sys.stdin.read().split()
ids = [uuid.UUID(line) for line in lines]
assert {(i.version, i.variant) for i in ids} == {(7, uuid.RFC_4122)}
assert [str(i) for i in ids] == lines == sorted(lines) and len(set(ids)) == 5000
assert [i.int for i in ids] == sorted(i.int for i in ids)
print(ids[0].int >> 80, ids[-1].int >> 80)
",
        &minted.printed,
    );

    let times: Vec<i64> = read
        .split_whitespace()
        .map(|time| time.parse().unwrap())
        .collect();
    assert!(before <= times[0] && times[0] <= times[1] && times[1] <= after);
}
