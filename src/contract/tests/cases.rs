//! One case a rule.

use crate::contract::tests::Case;

/// A case in production.
const fn case(rule: &'static str, policy: &'static str, wrong: &'static str, right: &'static str) -> Case {
    Case {
        rule,
        environment: "production",
        policy,
        right_policy: policy,
        wrong,
        right,
    }
}

const KEY: &str = "[secrets.KEY]\nkind = \"hex\"\n";
const ISSUED: &str = "[secrets.KEY]\nkind = \"issued\"\n";
const TEXT: &str = "[variables.TEXT]\ntype = \"string\"\n";
const URL: &str = "[variables.URL]\ntype = \"url\"\n";
const REQUIRED: &str = "[variables.A]\ntype = \"string\"\nrequired = true\n";
const TWO: &str = "[secrets.A]\nkind = \"hex\"\n[secrets.B]\nkind = \"hex\"\n";
const ALIASES: &str = "[secrets.A]\nkind = \"issued\"\nrequired = true\n[aliases]\nA = \"B\"\n";

const EXPIRED: &str = "[variables.N]\ntype = \"int\"\n\
                       [[waivers]]\nrule = \"wrong-type\"\nuntil = 2026-11-26\nreason = \"x\"\n";
const WAIVED: &str = "[variables.N]\ntype = \"int\"\n\
                      [[waivers]]\nrule = \"wrong-type\"\nname = \"N\"\nuntil = 2026-11-27\nreason = \"x\"\n";
const MISSPELT: &str = "[variables.N]\ntype = \"int\"\n\
                        [[waivers]]\nrule = \"wrong-types\"\nuntil = 2026-11-27\nreason = \"x\"\n";
const REFUSED: &str = "[secrets.KEY]\nkind = \"hex\"\n\
                       [[waivers]]\nrule = \"blacklisted\"\nuntil = 2027-11-26\nreason = \"x\"\n";

/// Every rule about what stands in an env file.
// One case a line, so that the table can be read and compared.
#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("missing", REQUIRED, "", "A=x"),
    case("empty", REQUIRED, "A=", "A=x"),
    case("reference", ISSUED, "KEY=op://vault/item/field", "KEY=k7Qw-zT9_mX2bR4v"),
    case("reference", TEXT, "TEXT=op://vault/item/field", "TEXT=x"),
    case("template", KEY, "KEY=${OTHER}", "KEY={1}"),
    case("template", TEXT, "TEXT=a-${OTHER}", "TEXT=a-b"),
    case("placeholder", KEY, "KEY=YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE", "KEY={1}"),
    case("placeholder", TEXT, "TEXT=<bucket name>", "TEXT='[\"a\", \"b\"]'"),
    case("placeholder", TEXT, "TEXT=Your_Bucket", "TEXT=bucket"),
    case("placeholder", URL, "URL=https://your-domain.com/x", "URL=https://shop.net/x"),
    case("placeholder", "[variables.TO]\ntype = \"list\"\nof = \"email\"\n", "TO=a@shop.net,b@example.com", "TO=a@shop.net"),
    case("wrong-type", "[variables.N]\ntype = \"int\"\n", "N='12 # twelve'", "N=12"),
    case("wrong-type", "[variables.N]\ntype = \"bool\"\n", "N=2", "N=true"),
    case("bool-spelling", "[variables.N]\ntype = \"bool\"\n", "N=Yes", "N=false"),
    case("wrong-type", "[variables.N]\ntype = \"float\"\n", "N=nan", "N=0.5"),
    case("wrong-type", "[variables.N]\ntype = \"duration\"\n", "N=900", "N=15m"),
    case("wrong-type", "[variables.N]\ntype = \"email\"\n", "N=nobody", "N=me@shop.net"),
    case("wrong-type", "[variables.N]\ntype = \"ip\"\n", "N=10.0.0", "N=10.0.0.1"),
    case("wrong-type", "[variables.N]\ntype = \"cidr\"\n", "N=10.0.0.1/40", "N=10.0.0.0/8"),
    case("wrong-type", "[variables.N]\ntype = \"dsn\"\n", "N=https://sentry.shop.net/1", "N=https://k@sentry.shop.net/1"),
    case("wrong-type", "[variables.N]\ntype = \"path\"\n", "N=\"a\\tb\"", "N=./a b"),
    case("wrong-type", "[variables.N]\ntype = \"list\"\nof = \"cidr\"\n", "N=cloudflare.ip1", "N=10.0.0.1, 10.0.0.0/8"),
    case("wrong-type", URL, "URL=shop.net", "URL=https://shop.net"),
    case("not-equal", "[variables.N]\ntype = \"bool\"\nequals = \"true\"\n", "N=True", "N=true"),
    case("not-in-values", "[variables.N]\ntype = \"enum\"\nvalues = [\"a\", \"b\"]\n", "N=A", "N=a"),
    case("out-of-range", "[variables.N]\ntype = \"int\"\nrange = [1, 65535]\n", "N=0", "N=65535"),
    case("duration-out-of-range", "[variables.N]\ntype = \"duration\"\nmax = \"7d\"\n", "N=8d", "N=168h"),
    case("duration-out-of-range", "[variables.N]\ntype = \"duration\"\nmin = \"1h\"\n", "N=59m", "N=60m"),
    case("pattern", "[variables.N]\ntype = \"string\"\npattern = \"^a+$\"\n", "N=ab", "N=aa"),
    case("pattern", "[secrets.KEY]\nkind = \"issued\"\npattern = \"^k7\"\n", "KEY=x7Qw-zT9_mX2bR4v", "KEY=k7Qw-zT9_mX2bR4v"),
    case("forbidden-pattern", "[variables.N]\ntype = \"string\"\nforbid_pattern = \"^DS\"\n", "N=DS1234", "N=D1234"),
    case("forbidden-pattern", "[secrets.KEY]\nkind = \"issued\"\nforbid_pattern = \"zT9\"\n", "KEY=k7Qw-zT9_mX2bR4v", "KEY=k7Qw-zT8_mX2bR4v"),
    case("forbidden-value", "[variables.N]\ntype = \"string\"\nforbid_values = [\"TEST123\"]\n", "N=TEST123", "N=TEST124"),
    case("forbidden-value", "[secrets.KEY]\nkind = \"issued\"\nforbid_values = [\"lamsa123\"]\n", "KEY=lamsa123", "KEY=k7Qw-zT9_mX2bR4v"),
    case("single-character", ISSUED, "KEY=00000000000000000000000000000000", "KEY=k7Qw-zT9_mX2bR4v"),
    case("token-claims", "[variables.N]\ntype = \"string\"\nclaims = { role = \"anon\" }\n", concat!("N=eyJhbGciOiJub25lIn0", ".eyJyb2xlIjoic2VydmljZSJ9", ".c2ln"), concat!("N=eyJhbGciOiJub25lIn0", ".eyJyb2xlIjoiYW5vbiJ9", ".c2ln")),
    case("token-claims", "[secrets.KEY]\nkind = \"issued\"\nclaims = { role = \"service\" }\n", concat!("KEY=eyJhbGciOiJub25lIn0", ".eyJyb2xlIjoiYW5vbiJ9", ".c2ln"), concat!("KEY=eyJhbGciOiJub25lIn0", ".eyJyb2xlIjoic2VydmljZSJ9", ".c2ln")),
    case("derived-drift", "[secrets.PW]\nkind = \"issued\"\n[variables.URL]\ntype = \"url\"\npassword_from = \"PW\"\n", "PW=k7Qw-zT9@mX2bR4v\nURL=redis://:k7Qw-zT9%40mX2bR4w@db/0", "PW=k7Qw-zT9@mX2bR4v\nURL=redis://:k7Qw-zT9%40mX2bR4v@db/0"),
    case("too-short", "[variables.N]\ntype = \"string\"\nmin_length = 3\n", "N=ab", "N=abc"),
    case("too-short", "[secrets.KEY]\nkind = \"issued\"\nmin_length = 16\n", "KEY=k7Qw-zT9", "KEY=k7Qw-zT9_mX2bR4v"),
    case("too-short", "[secrets.KEY]\nkind = \"hex\"\nmin_length = 64\n", "KEY=0a9d3e1b0a7c", "KEY={1}"),
    case("url-scheme", "[variables.URL]\ntype = \"url\"\nscheme = [\"https\"]\n", "URL=http://shop.net", "URL=https://shop.net"),
    case("url-host", "[variables.URL]\ntype = \"url\"\nhosts = [\"*.supabase.co\"]\n", "URL=https://supabase.co", "URL=https://x.supabase.co"),
    case("url-forbidden-host", "[variables.URL]\ntype = \"url\"\nforbid_hosts = [\"localhost\"]\n", "URL=https://localhost:3000", "URL=https://shop.net"),
    case("url-path", "[variables.URL]\ntype = \"url\"\npath = \"/new\"\n", "URL=https://shop.net/old", "URL=https://shop.net/new?x=1"),
    case("url-credentials", "[variables.URL]\ntype = \"url\"\ncredentials = true\n", "URL=postgres://app@db/shop", "URL=postgres://app:{1}@db/shop"),
    case("url-credentials", "[variables.URL]\ntype = \"url\"\ncredentials = false\n", "URL=https://a:{1}@shop.net", "URL=https://shop.net"),
    case("url-encoding", URL, "URL=postgres://app:{1}/x@db/shop", "URL=postgres://app:{1}%2Fx@db/shop"),
    case("url-without-tls", URL, "URL=redis://:{1}@eu.upstash.io:6379", "URL=rediss://:{1}@eu.upstash.io:6379"),
    case("url-without-tls", URL, "URL=http://shop.net", "URL=http://10.0.0.1"),
    case("group-incomplete", "[[groups]]\nall_or_none = [\"A\", \"B\"]\n[variables.A]\ntype = \"string\"\n[variables.B]\ntype = \"string\"\n", "A=x", "A=x\nB=y"),
    case("group-unmet", "[[groups]]\none_of = [[\"A\"], [\"B\"]]\nrequired_in = [\"production\"]\n[variables.A]\ntype = \"string\"\n[variables.B]\ntype = \"string\"\n", "A=", "B=x"),
    case("implied-missing", "[[implies]]\nif_set = \"A\"\nrequire = [\"B\"]\n[variables.A]\ntype = \"string\"\n[variables.B]\ntype = \"string\"\n", "A=x", "A=x\nB=y"),
    case("alias-only", ALIASES, "B=k7Qw-zT9_mX2bR4v", "A=k7Qw-zT9_mX2bR4v"),
    case("alias-conflict", ALIASES, "A=k7Qw-zT9_mX2bR4v\nB=k7Qw-zT9_mX2bR4w", "A=k7Qw-zT9_mX2bR4v\nB=k7Qw-zT9_mX2bR4v"),
    case("same-value", "[secrets.A]\nkind = \"hex\"\n[secrets.B]\nkind = \"hex\"\ndistinct_from = [\"A\"]\n", "A={1}\nB={1}", "A={1}\nB={2}"),
    case("same-value", "[secrets.A]\nkind = \"hex\"\nprevious_var = \"A_OLD\"\n", "A={1}\nA_OLD={1}", "A={1}\nA_OLD={2}"),
    case("same-value", "[variables.A]\ntype = \"string\"\n[variables.B]\ntype = \"string\"\ndistinct_from = [\"A\"]\n", "A=x\nB=x", "A=x\nB=y"),
    case("reused", TWO, "A={1}\nB={1}", "A={1}\nB={2}"),
    case("derived-drift", "[secrets.A]\nkind = \"hex\"\n[secrets.B]\nsame_as = \"A\"\n", "A={1}\nB={2}", "A={1}\nB={1}"),
    case("derived-drift", "[secrets.A]\nkind = \"hex\"\n[variables.URL]\ntype = \"url\"\ntemplate = \"postgres://app:{A|url}@db/shop\"\n", "A={1}\nURL=postgres://app:{2}@db/shop", "A={1}\nURL=postgres://app:{1}@db/shop"),
    case("kind-mismatch", KEY, "KEY=k7Qw-zT9_mX2bR4v-Lp3sHd8Ye-Gc5nVj1KfWa", "KEY={1}"),
    case("decoded-bytes", "[secrets.KEY]\nkind = \"issued\"\ndecoded_bytes = 32\n", "KEY=k7QwzT9mX2bR4v==", "KEY={1}"),
    case("checksum", "[secrets.KEY]\nkind = \"acme\"\n[kinds.acme]\nprefix = \"acme_\"\nlength = 40\ncharset = \"base62\"\nchecksum = \"crc32-base62\"\n", "KEY=acme_k7QwzT9mX2bR4vLp3sHd8YeGc5nVj1KfWa0", ""),
    case("foreign-issuer", "[secrets.KEY]\nkind = \"issued\"\nissuer = \"Duitku\"\n", "KEY=sk§live§k7QwzT9mX2bR4v", "KEY=k7QwzT9mX2bR4v"),
    case("pattern", "[secrets.KEY]\nkind = \"issued\"\nshape = \"twilio-auth-token\"\n", "KEY=k7QwzT9mX2bR4v", "KEY=0a9d3e1b0a7c4f5d8e2b6c1a9d3e7f40"),
    case("test-mode-key", ISSUED, "KEY=sk§test§k7QwzT9mX2bR4v", "KEY=sk§live§k7QwzT9mX2bR4v"),
    Case { environment: "development", ..case("live-mode-key", ISSUED, "KEY=sk§live§k7QwzT9mX2bR4v", "KEY=sk§test§k7QwzT9mX2bR4v") },
    case("public-secret", KEY, "KEY={1}\nNEXT_PUBLIC_KEY={1}", "KEY={1}\nNEXT_PUBLIC_KEY={2}"),
    case("public-secret", "[variables.VITE_PAY]\ntype = \"string\"\n", "VITE_PAY=sk§live§k7QwzT9mX2bR4v", "VITE_PAY=pk§live§k7QwzT9mX2bR4v"),
    case("public-secret", KEY, "NEXT_PUBLIC_SERVICE_ROLE_KEY=x", "SERVICE_ROLE_KEY=x"),
    case("blacklisted", KEY, "KEY=secretsecretsecretsecretsecretsecret", "KEY={1}"),
    case("common-words", KEY, "KEY=correct horse battery staple of the morning", "KEY={1}"),
    case("contains-name", KEY, "KEY=shopshopkey2024", "KEY={1}"),
    case("damaged", KEY, "KEY='\"{1}\"'", "KEY='{1}'"),
    case("damaged", TEXT, "TEXT=' x'", "TEXT='x'"),
    case("encoded-text", KEY, "KEY=dGhpcyBpcyBvcmRpbmFyeSB0ZXh0IG9mIGEgcGVyc29u", "KEY={1}"),
    case("identifier", KEY, "KEY=00000000-0000-1000-8000-00805f9b34fb", "KEY={1}"),
    case("key-bytes", "[secrets.KEY]\nkind = \"jwt-hs256\"\nprevious_var = \"KEY_OLD\"\n", "KEY_OLD=k7QwzT9mX2bR4vLp3sHd8YeGc5nVj1", "KEY_OLD=k7QwzT9mX2bR4vLp3sHd8YeGc5nVj1Kf"),
    case("keyboard-mash", KEY, "KEY=weojfriowejiorjwoeifjwoiejf", "KEY={1}"),
    case("known-word", KEY, "KEY=abc", "KEY={1}"),
    case("low-shannon", "[secrets.KEY]\nkind = \"hex\"\nmin_entropy = 3.5\n", "KEY=00001111000011110000111100001111", "KEY={1}"),
    case("published-default", KEY, "KEY=YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE", "KEY={1}"),
    case("repetition", KEY, "KEY=9f3a9f3a9f3a9f3a9f3a9f3a9f3a9f3a", "KEY={1}"),
    case("sequence", KEY, "KEY=3456789abcdef0123456789abcdef012", "KEY={1}"),
    case("single-character", KEY, "KEY=777777777777777777777777777777777777777777777777777777777777", "KEY={1}"),
    case("truncated", "[secrets.KEY]\nkind = \"hex\"\nbytes = 32\n", "KEY=0a9d3e1b4c7f2856d #9b3a7c5f4826", "KEY={1}"),
    case("weak-entropy", KEY, "KEY=0a9d3e1b0a7c", "KEY={1}"),
    case("made-up", ISSUED, "KEY=3456789abcdef0123456789abcdef012", "KEY=k7Qw-zT9_mX2bR4v"),
    case("waiver-expired", EXPIRED, "N=x", "N=1"),
    Case { right_policy: WAIVED, ..case("waiver-unknown", MISSPELT, "N=x", "N=x") },
    case("waiver-unused", WAIVED, "N=1", "N=x"),
    case("waiver-refused", REFUSED, "KEY=changeme", "KEY={1}"),
    case("undeclared", TEXT, "OTHER=x", "TEXT=x"),
    case("look-alike", "[variables.PORT]\ntype = \"int\"\n", "port=80", "PORT=80"),
    case("look-alike", "[variables.DATABASE_URL]\ntype = \"url\"\n", "DATBASE_URL=postgres://db", "DATABASE_URL=postgres://db\nDATBASE_URL=x"),
    case("byte-order-mark", TEXT, "\u{feff}TEXT=x", "TEXT=x"),
    case("carriage-return", TEXT, "TEXT=x\r\n", "TEXT=x\n"),
    case("conflict-marker", TEXT, "<<<<<<< HEAD\nTEXT=x\n", "TEXT=x\n"),
    case("duplicate", TEXT, "TEXT=x\nTEXT=y\n", "TEXT=x\n"),
    case("hash-in-value", TEXT, "TEXT=a#b", "TEXT='a#b'"),
    case("inline-comment", TEXT, "TEXT=900000        # 15 minutes", "# 15 minutes\nTEXT=900000"),
    case("dollar-in-value", TEXT, "TEXT=pa$word", "TEXT='pa$word'"),
    case("quotes-kept", TEXT, "TEXT='x'", "TEXT=x"),
    case("run-by-a-shell", TEXT, "TEXT=a b", "TEXT='a b'"),
    case("read-differently", TEXT, "TEXT=\"a\\tb\"", "TEXT=ab"),
    case("refused-by-reader", TEXT, "export TEXT=x", "TEXT=x"),
    case("missing-equals", TEXT, "TEXT", "TEXT=x"),
    case("not-utf8", TEXT, "TEXT=¤", "TEXT=ä"),
    case("text-after-quote", TEXT, "TEXT='a'b", "TEXT='a'"),
    case("unquoted-pem", TEXT, "TEXT=-----BEGIN KEY-----\nabc\n-----END KEY-----\n", "TEXT=\"-----BEGIN KEY-----\nabc\n-----END KEY-----\"\n"),
    case("unreadable-line", TEXT, "!!!", "TEXT=x"),
    case("unterminated-quote", TEXT, "TEXT=\"x", "TEXT=\"x\""),
];
