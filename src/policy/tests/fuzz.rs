//! Text that is no policy, or nearly one.

use crate::policy::Policy;
use crate::policy::reference;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Lines that look like a policy, in any order and cut anywhere, are parsed or refused.
    #[test]
    fn text_like_a_policy_never_panics(
        lines in proptest::collection::vec((0usize..64, 0usize..24, any::<u32>()), 0..24),
        cut in any::<prop::sample::Index>(),
    ) {
        let keys: Vec<_> = reference().flat_map(|table| table.fields).map(|field| field.key).collect();
        let mut text = String::from("schema = 1\n");
        for (key, value, number) in lines {
            let key = keys[(key + number as usize) % keys.len()];
            let line = match value {
                0..=5 => HEADERS[(number as usize) % HEADERS.len()].to_owned(),
                6..=8 => format!("{key} = {number}"),
                _ => format!("{key} = {}", VALUES[(number as usize) % VALUES.len()]),
            };
            text.push_str(&line);
            text.push('\n');
        }
        let _ = Policy::parse("p", &text);
        let _ = Policy::parse("p", text.get(..cut.index(text.len())).unwrap_or_default());
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        let _ = Policy::parse("p", &text);
    }
}

const HEADERS: &[&str] = &[
    "[defaults]",
    "[environments.production]",
    "[secrets.A]",
    "[secrets.B]",
    "[secrets.A.when.production]",
    "[variables.V]",
    "[variables.V.when.staging]",
    "[kinds.mine]",
    "[[groups]]",
    "[[implies]]",
    "[files.x]",
    "[certificates.x]",
    "[sinks.x]",
    "[[notifiers]]",
    "[[waivers]]",
    "[signoff]",
];

const VALUES: &[&str] = &[
    "true",
    "'hex'",
    "'mine'",
    "'password'",
    "'jwt-hs512'",
    "'90d'",
    "'0d'",
    "['A', 'B']",
    "[['A'], ['V']]",
    "{ upper = 4294967295, lower = 4294967295 }",
    "{ A = { range = [1, 2] } }",
    "'url'",
    "'base62'",
    "4294967295",
    "-1",
    "0.5",
    "nan",
    "2027-03-31",
    "'{A|url}'",
    "'é'",
    "'('",
];
