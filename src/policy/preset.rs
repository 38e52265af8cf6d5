//! The presets that are built in: examples, documentation and test vectors at once.

/// A policy that is built in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preset {
    /// The name that `extends` and `init --policy` take.
    pub name: &'static str,
    /// The first comment line of the file.
    pub summary: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Preset {
    /// Looks a preset up by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        presets().iter().find(|preset| preset.name == name)
    }

    const fn new(name: &'static str, text: &'static str) -> Self {
        Self {
            name,
            summary: first_comment(text),
            text,
        }
    }
}

/// Lists the presets in the order in which they are shown.
pub fn presets() -> &'static [Preset] {
    PRESETS
}

const PRESETS: &[Preset] = &[
    Preset::new("lumiku", include_str!("../../policies/lumiku.toml")),
    Preset::new("lamsa", include_str!("../../policies/lamsa.toml")),
    Preset::new("mansa", include_str!("../../policies/mansa.toml")),
    Preset::new("superapp", include_str!("../../policies/superapp.toml")),
    Preset::new("bluesminds", include_str!("../../policies/bluesminds.toml")),
    Preset::new("web-app", include_str!("../../policies/web-app.toml")),
    Preset::new("webhooks", include_str!("../../policies/webhooks.toml")),
    Preset::new("database", include_str!("../../policies/database.toml")),
    Preset::new("jwt", include_str!("../../policies/jwt.toml")),
];

/// Returns the text of the first line without its `# `.
const fn first_comment(text: &'static str) -> &'static str {
    let (_, line) = text.split_at(2);
    let mut end = 0;
    while end < line.len() && line.as_bytes()[end] != b'\n' {
        end += 1;
    }
    line.split_at(end).0
}
