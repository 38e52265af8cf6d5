//! Fixed texts that issuers and tools put in front of a random value.

/// Returns the length of the fixed text at the start of `value`, 0 when there is none.
pub(in crate::scoring) fn length(value: &[u8]) -> usize {
    PREFIXES
        .iter()
        .filter(|prefix| value.first() == prefix.as_bytes().first() && value.starts_with(prefix.as_bytes()))
        .filter(|prefix| {
            let rest = &value[prefix.len()..];
            let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+/=.".contains(byte);
            if **prefix == HEXADECIMAL {
                rest.iter().all(u8::is_ascii_hexdigit)
            } else {
                rest.iter().all(fits)
            }
        })
        .map(|prefix| prefix.len())
        .max()
        .unwrap_or(0)
}

/// Stands before hexadecimal digits only.
const HEXADECIMAL: &str = "0x";

static PREFIXES: [&str; 38] = [
    HEXADECIMAL,
    "SG.",
    "base64:",
    "dop_v1_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "hex:",
    "hf_",
    "key_",
    "npm_",
    "pk_",
    "pk_live_",
    "pk_test_",
    "pypi-",
    "rk_live_",
    "rk_test_",
    "sbp_",
    "sk-",
    "sk-ant-",
    "sk-proj-",
    "sk_",
    "sk_live_",
    "sk_test_",
    "tok_",
    "token_",
    "v1_",
    "whsec_",
    "xapp-",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "re_",
    "pw_",
    "api_",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_counts() {
        assert_eq!(length(b"sk-proj-abc"), 8);
        assert_eq!(length(b"whsec_abc"), 6);
        assert_eq!(length(b"abc"), 0);
        assert_eq!([length(b"0x12ab"), length(b"0xyz")], [2, 0]);
    }
}
