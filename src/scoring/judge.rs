//! Brings rules, lists and models together into one score.

use zeroize::Zeroizing;

use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::scoring::Context;
use crate::scoring::Grade;
use crate::scoring::Level;
use crate::scoring::Origin;
use crate::scoring::Part;
use crate::scoring::Score;
use crate::scoring::alphabet;
use crate::scoring::explanation;
use crate::scoring::known;
use crate::scoring::models;
use crate::scoring::parse;
use crate::scoring::parse::Hands;
use crate::scoring::parse::Parse;
use crate::scoring::patterns;
use crate::scoring::rules;
use crate::scoring::rules::Rule;
use crate::scoring::rules::blacklist;
use crate::scoring::rules::damage;
use crate::scoring::rules::encoded;
use crate::scoring::rules::identifier;
use crate::scoring::rules::identifier::Identifier;
use crate::scoring::rules::key_bytes;
use crate::scoring::rules::passphrase;
use crate::scoring::rules::placeholder;
use crate::scoring::rules::prefix;
use crate::scoring::rules::stand_in;
use crate::scoring::rules::truncated;
use crate::scoring::score;
use crate::scoring::shannon;
use crate::scoring::turned;

/// Judges the value `bytes`.
pub(super) fn judge(bytes: &[u8], context: &Context<'_>) -> Score {
    let value = damage::undamaged(bytes);
    let body = &value[prefix::length(value)..];
    let (entropy, length) = shannon::measure(bytes);
    let verdict = Verdict::of(value, body, context);
    let (level, grade) = if verdict.is_public {
        (Level::Low, Grade::F)
    } else {
        let is_passphrase = verdict.origin == Origin::Passphrase;
        score::rank(verdict.random_bits, verdict.strength_bits, is_passphrase)
    };
    let mut score = Score {
        level,
        grade,
        length,
        entropy_bits_per_char: entropy,
        entropy_max_bits_per_char: f64::from(alphabet::of(bytes).bits).max(entropy),
        random_bits: verdict.random_bits,
        strength_bits: verdict.strength_bits,
        origin: verdict.origin,
        findings: verdict.findings,
        described: verdict.described,
        key: context.key(bytes),
        issued: context.is_issued(),
    };
    if value.len() < bytes.len() && !value.is_empty() {
        score.findings.push(rules::DAMAGED.finding(Severity::Warning));
    }
    if !score.issued && !matches!(score.origin, Origin::Empty | Origin::Reference | Origin::Template) {
        demands(&mut score, context);
        key_bytes::check(&mut score, context);
        truncated::check(&mut score, bytes, context);
    }
    score
}

/// Adds what the policy and the tier demand in vain.
fn demands(score: &mut Score, context: &Context<'_>) {
    let severity = strict(context.tier);
    if let Some(least) = context.min_length
        && score.length < least as usize
    {
        let message = format!("shorter than the policy demands, which is {least}");
        score.findings.push(rules::TOO_SHORT.saying(severity, message));
    }
    let bar = score::demanded_bits(context.tier);
    let shown = score.shown_random_bits();
    let asked = context
        .min_bits
        .filter(|least| score.random_bits < f64::from(*least));
    if asked.is_some() || score.grade != Grade::F && score.is_weak(context.tier) {
        let needed = asked.map_or(bar, |asked| asked.max(bar));
        let message = format!("about {shown} random bits, of the {needed} that are demanded");
        score.findings.push(rules::WEAK_ENTROPY.saying(severity, message));
    }
    if let Some(least) = context.min_entropy
        && score.shown_entropy() < least
    {
        let message =
            format!("its signs are used less evenly than the policy demands, which is {least} bits each");
        score
            .findings
            .push(rules::LOW_SHANNON.saying(Severity::Warning, message));
    }
}

/// What matters less on a person's machine.
pub(super) fn strict(tier: Tier) -> Severity {
    match tier {
        Tier::Development => Severity::Warning,
        Tier::Production | Tier::Staging => Severity::Error,
    }
}

/// What was found out before levels and demands.
struct Verdict {
    random_bits: f64,
    strength_bits: f64,
    origin: Origin,
    findings: Vec<Finding>,
    /// What the models describe.
    described: Vec<Part>,
    /// Anyone can know the value, or there is none.
    is_public: bool,
}

impl Verdict {
    fn of(value: &[u8], body: &[u8], context: &Context<'_>) -> Self {
        if let Some(rule) = stand_in::recognise(value) {
            return Self::stand_in(rule, context);
        }
        let public = public_rules(value, body);
        let mut verdict = if public.is_empty() {
            Self::by_structure(value).unwrap_or_else(|| Self::by_models(body, context))
        } else {
            Self::by_models(body, context)
        };
        let is_placeholder = verdict.random_bits < score::DEVELOPMENT_BITS
            && verdict.origin != Origin::Passphrase
            && placeholder::recognise(value);
        if is_placeholder || !public.is_empty() {
            verdict.origin = if public.is_empty() {
                Origin::Template
            } else {
                Origin::Published
            };
            let rules = public.iter().chain(is_placeholder.then_some(&rules::PLACEHOLDER));
            verdict.publish(rules, context);
        }
        verdict
    }

    /// Something stands where a value should be.
    fn stand_in(rule: Rule, context: &Context<'_>) -> Self {
        let (origin, severity) = match rule.id {
            "empty" => (Origin::Empty, strict(context.tier)),
            "reference" => (Origin::Reference, Severity::Note),
            _ => (Origin::Template, strict(context.tier)),
        };
        Self {
            random_bits: 0.0,
            strength_bits: 0.0,
            origin,
            findings: vec![rule.finding(severity)],
            described: Vec::new(),
            is_public: true,
        }
    }

    /// Passphrases and UUIDs carry what their making says, whatever their letters look like.
    fn by_structure(value: &[u8]) -> Option<Self> {
        if let Some(bits) = passphrase::bits(value) {
            return Some(Self::plain(bits, Origin::Passphrase));
        }
        Some(match identifier::recognise(value)? {
            Identifier::Random => {
                let mut digits = Zeroizing::new([0; 30]);
                identifier::free_digits(value, &mut digits);
                let parsed = parse::parse(&*digits, alphabet::of(&*digits), &[], Hands::Excluded);
                // The variant adds two bits to the 30 digits.
                let mut verdict = Self::plain(parsed.random_bits + 2.0, Origin::StructuredId);
                verdict
                    .findings
                    .push(rules::RANDOM_IDENTIFIER.finding(Severity::Note));
                verdict
            }
            Identifier::Made(bits) => {
                let mut verdict = Self::plain(f64::from(bits), Origin::StructuredId);
                verdict
                    .findings
                    .push(rules::MADE_IDENTIFIER.finding(Severity::Warning));
                verdict
            }
        })
    }

    fn plain(bits: f64, origin: Origin) -> Self {
        Self {
            random_bits: bits,
            strength_bits: bits,
            origin,
            findings: Vec::new(),
            described: Vec::new(),
            is_public: false,
        }
    }

    /// The shortest description, of the text and of what it encodes.
    fn by_models(body: &[u8], context: &Context<'_>) -> Self {
        let front = &body[..body.len().min(FRONT)];
        let (unpadded, most) = unpadded(front);
        let one_case = lower_if_upper(unpadded);
        let parsed = parse::parse(
            &one_case,
            alphabet::of(&one_case),
            context.names,
            Hands::Suspected,
        );
        let mut verdict = Self {
            random_bits: parsed.random_bits.min(most),
            strength_bits: parsed.strength_bits.min(most),
            origin: origin(&parsed),
            findings: Vec::new(),
            described: explanation::parts(&parsed),
            is_public: false,
        };
        if !context.is_issued() {
            let severity = if verdict.random_bits < score::HIGH_BITS {
                Severity::Warning
            } else {
                Severity::Note
            };
            verdict.findings = patterns::findings(body, &parsed, severity);
            verdict.look_behind_encoding(front, context);
        } else if patterns::is_one_sign(body) {
            // No issuer makes such a value: it stands for one.
            verdict.publish([rules::SINGLE_CHARACTER].iter(), context);
        }
        verdict
    }

    fn look_behind_encoding(&mut self, front: &[u8], context: &Context<'_>) {
        if encoded::is_counted(front) || is_turned(front, context) {
            self.random_bits = 0.0;
            self.strength_bits = self.strength_bits.min(CAP_OF_TEXT);
            // What reads as language as it stands was not turned by anybody.
            let reads = |finding: &Finding| finding.rule == rules::COMMON_WORDS.id;
            if !self.findings.iter().any(reads) {
                self.origin = Origin::EncodedText;
                self.findings.push(rules::ENCODED_TEXT.finding(Severity::Warning));
            }
            return;
        }
        let mut layers = std::iter::successors(encoded::text(front), |text| encoded::text(text));
        let Some(text) = layers.by_ref().take(MOST_LAYERS).last() else {
            return;
        };
        let inside = parse::parse(
            &text,
            alphabet::beside_separators(&text),
            context.names,
            Hands::Suspected,
        );
        if inside.random_bits >= self.random_bits {
            return;
        }
        self.random_bits = inside.random_bits;
        self.strength_bits = self.strength_bits.min(inside.strength_bits + ENCODING_BITS);
        if !inside.has_pattern() {
            return;
        }
        self.origin = Origin::EncodedText;
        let mut public = public_rules(&text, &text);
        if inside.random_bits < score::DEVELOPMENT_BITS && placeholder::recognise(&text) {
            public.push(rules::PLACEHOLDER);
        }
        if !public.is_empty() {
            self.publish(public.iter(), context);
        }
        self.findings.push(rules::ENCODED_TEXT.finding(Severity::Warning));
    }

    /// Whatever the models think of it: it is on a list, or says itself that it is to be replaced.
    fn publish<'a>(&mut self, rules: impl Iterator<Item = &'a Rule>, context: &Context<'_>) {
        self.findings = rules.map(|rule| rule.finding(strict(context.tier))).collect();
        self.random_bits = 0.0;
        self.strength_bits = self.strength_bits.min(LISTED_BITS);
        self.is_public = true;
    }
}

/// Says by which rules anyone can know the value.
fn public_rules(value: &[u8], body: &[u8]) -> Vec<Rule> {
    let mut found = Vec::new();
    let dominated = blacklist::dominates(value);
    if dominated {
        found.push(rules::BLACKLISTED);
    }
    let is_word = || body.len() <= LONGEST_WORD && models::words::is_common(&models::fold(body));
    let is_digest = || encoded::digest(body).is_some_and(|first| known::is_common_digest(&first));
    // What is wrong with one sign over and over is told better without a list.
    let is_one_sign = body
        .first()
        .is_some_and(|first| body.iter().all(|byte| byte == first));
    let is_published = || {
        !is_one_sign && (known::is_published(value) || body.len() < value.len() && known::is_published(body))
    };
    if !dominated && is_word() {
        found.push(rules::KNOWN_WORD);
    } else if !dominated && is_published() {
        found.push(rules::PUBLISHED_DEFAULT);
    } else if !dominated && is_digest() {
        found.push(rules::KNOWN_WORD);
    }
    found
}

/// Returns whether `text` is backwards or has its letters shifted.
fn is_turned(text: &[u8], context: &Context<'_>) -> bool {
    let (beside, all) = (alphabet::beside_separators(text), alphabet::of(text));
    turned::suspect(text, all).is_some_and(|turned| {
        [beside, all].into_iter().any(|whole| {
            let uniform = f64::from(whole.bits) * turned.len() as f64;
            let parsed = parse::parse(&turned, whole, context.names, Hands::Excluded);
            parsed.random_bits < score::HIGH_BITS
                && uniform - parsed.strength_bits >= parse::believed(whole, uniform as f32) + turned::WAYS
        })
    })
}

fn origin(parsed: &Parse) -> Origin {
    match parsed.random_bits {
        _ if !parsed.has_pattern() => Origin::Random,
        bits if bits >= score::DEVELOPMENT_BITS => Origin::Mixed,
        _ => Origin::Human,
    }
}

/// Returns `text` in lower case if it has no lower case letter, so that capitals throughout make no difference.
fn lower_if_upper(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let has_lower = text.iter().any(u8::is_ascii_lowercase);
    Zeroizing::new(if has_lower {
        text.to_vec()
    } else {
        text.to_ascii_lowercase()
    })
}

/// Returns padded base64 without its padding, and the bits of the bytes that it encodes.
fn unpadded(text: &[u8]) -> (&[u8], f64) {
    let end = text
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let padding = text.len() - end;
    if !(1..=2).contains(&padding) || !text.len().is_multiple_of(4) || !alphabet::of(text).is_base64() {
        return (text, f64::INFINITY);
    }
    (&text[..end], (end * 6 / 8 * 8) as f64)
}

/// Bytes that are taken apart.
const FRONT: usize = 4_096;

/// Longest word that is looked up as a whole, in characters.
const LONGEST_WORD: usize = 24;

/// What is on a list costs a guesser less than the length of the list, in bits.
const LISTED_BITS: f64 = 16.0;

/// Encodings of encodings that are taken off.
const MOST_LAYERS: usize = 4;

/// What is text or counts is guessed at less than this, whatever its length, in bits.
const CAP_OF_TEXT: f64 = 96.0;

/// What it costs a guesser to try the usual encodings, in bits.
const ENCODING_BITS: f64 = 2.0;
