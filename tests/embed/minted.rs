//! The values: every kind that a consumer can take, and printable characters narrowed to what it takes.

use mintage::generator::generate;
use mintage::policy::Embed;
use mintage::policy::Kind;
use mintage::policy::Policy;
use mintage::policy::Recipe;
use mintage::policy::Shape;
use mintage::policy::kinds::KINDS;
use mintage::policy::kinds::Role;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// Values for one consumer: 200 of each kind that fits it, 1,500 passwords, and the rest of a kind without any rule.
///
/// RSA keys, the only kind that takes seconds, are not among them: a PEM file has several lines, which no consumer takes.
pub fn values_for(consumer: Embed) -> Vec<String> {
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut values = Vec::with_capacity(COUNT);
    for kind in KINDS.iter().filter(|kind| is_drawn(kind)) {
        let recipe = kind.recipe(&Shape::default()).unwrap();
        let Ok(fitted) = kind.fit(Shape::default(), recipe, &[consumer]) else {
            continue;
        };
        push(&mut values, &fitted.recipe, 200, &mut rng);
    }
    assert!(values.len() >= 5_000, "few kinds fit {}", consumer.name());
    let policy = policy(consumer);
    push(&mut values, &recipe_of(&policy, "PASSWORD"), 1_500, &mut rng);
    let rest = COUNT - values.len();
    push(&mut values, &recipe_of(&policy, "TOKEN"), rest, &mut rng);
    values
}

/// Returns whether values of a kind are drawn here.
pub fn is_drawn(kind: &Kind) -> bool {
    matches!(kind.role, Role::Generated | Role::Identifier)
}

/// Default values of one kind.
pub fn defaults_of(kind: &Kind, count: usize) -> Vec<String> {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let mut values = Vec::with_capacity(count);
    push(
        &mut values,
        &kind.recipe(&Shape::default()).unwrap(),
        count,
        &mut rng,
    );
    values
}

/// A policy as people write it: all printable characters, once with the rules of passwords and once with none.
fn policy(consumer: Embed) -> Policy {
    let text = format!(
        "schema = 1
[kinds.token]
charset = 'printable'
length = 32
[secrets.PASSWORD]
kind = 'password'
charset = 'printable'
embed = ['{name}']
[secrets.TOKEN]
kind = 'token'
embed = ['{name}']
",
        name = consumer.name()
    );
    Policy::parse("", &text).unwrap()
}

fn recipe_of(policy: &Policy, secret: &str) -> Recipe {
    let environment = policy.environments().next().unwrap().name().clone();
    let secret = policy.secret(&secret.parse().unwrap(), &environment).unwrap();
    secret.recipe().clone()
}

fn push(values: &mut Vec<String>, recipe: &Recipe, count: usize, rng: &mut ChaCha20Rng) {
    for _ in 0..count {
        let value = generate(recipe, chrono::DateTime::UNIX_EPOCH, rng).unwrap();
        values.push(String::from_utf8(value.expose().to_vec()).unwrap());
    }
}

/// Values for one consumer.
pub const COUNT: usize = 10_000;
