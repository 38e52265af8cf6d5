//! The identity: it is there, nobody else reads it, it opens the store and lies apart from it.

use std::path::Path;

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::quoted;
use crate::app::doctor::scene::IdentityPlace;
use crate::app::doctor::scene::IdentityState;
use crate::app::doctor::scene::Opening;

/// Looks at every place of an identity, and whether one opens the store.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "identity";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let there = scene
        .identities
        .iter()
        .filter(|place| place.state != IdentityState::Absent);
    let there: Vec<&IdentityPlace> = there.collect();
    if there.is_empty() {
        let places = scene.identities.iter().map(|place| place.label.as_str());
        let places = places.collect::<Vec<_>>().join(", ");
        let remark = match scene.opening {
            Opening::NoStore => Remark::new(NAME, Condition::Note, "there is no identity on this machine yet")
                .fix("mintage init --policy web-app"),
            _ => Remark::new(NAME, Condition::Error, "no identity is here: the store stays closed")
                .fix("mintage -i FILE status, or MINTAGE_IDENTITY=FILE, with the identity that the store was made for"),
        };
        return vec![remark.fix(format!("looked for in: {places}"))];
    }
    let mut remarks: Vec<Remark> = there.iter().flat_map(|place| of_place(scene, place)).collect();
    remarks.push(of_store(scene, &there));
    remarks
}

fn of_place(scene: &Scene<'_>, place: &IdentityPlace) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |condition, message: String, fix: String| {
        remarks.push(Remark::new(NAME, condition, message).about(&place.label).fix(fix));
    };
    let Some(path) = &place.path else {
        add(
            Condition::Note,
            format!(
                "{} holds an identity: every program of this shell sees it",
                place.label
            ),
            format!("keep it in a file, then: unset {}", place.label),
        );
        return remarks;
    };
    let typed = scene.typed(path);
    let state = scene.machine.state(path);
    if let Some(state) = state.as_ref().filter(|state| state.mode & 0o077 != 0) {
        add(
            Condition::Error,
            format!("{typed} is open to others: mode {:04o}", state.mode),
            format!("chmod 600 {typed}"),
        );
    } else if let IdentityState::Refused(why) = &place.state {
        add(
            Condition::Error,
            format!("{typed} cannot be used: {why}"),
            format!("put a good copy in its place, or move it away: mv {typed} {typed}.broken"),
        );
    }
    if state.as_ref().is_some_and(|state| !state.is_own) {
        add(
            Condition::Warning,
            format!("{typed} belongs to another user"),
            format!("sudo chown \"$USER\" {typed}"),
        );
    }
    let real = state.map(|state| state.place);
    let in_project = real.as_deref().and_then(|real| in_project(scene, real));
    let places = [Some(path.clone()), real];
    if let Some(service) = places.iter().flatten().find_map(|path| synced(scene, path)) {
        add(
            Condition::Warning,
            format!("{typed} is in a folder that {service} copies to other machines"),
            format!("mkdir -p ~/.config/mintage && mv {typed} ~/.config/mintage/identity.txt"),
        );
    }
    remarks.extend(in_project.map(|remark| remark.about(&place.label)));
    remarks
}

/// Judges an identity that lies in the project, where git may take it.
fn in_project(scene: &Scene<'_>, path: &Path) -> Option<Remark> {
    let (root, _, tree) = scene.project?;
    let root = scene.machine.state(root)?.place;
    let inside = path.strip_prefix(root).ok()?.to_str()?;
    let state = tree.git(&[inside.to_owned()]).1.into_iter().next().flatten()?;
    let path = quoted(inside);
    let ignore = format!("printf '%s\\n' {} >> .gitignore", quoted(&format!("/{inside}")));
    if state.tracked || state.committed {
        let message = format!("{inside} is in the repository, beside what it opens");
        Some(
            Remark::new(NAME, Condition::Error, message)
                .fix(format!("git rm --cached {path}"))
                .fix(ignore)
                .fix("whoever has the repository has every value: rotate all with --reason compromise"),
        )
    } else if state.ignored {
        None
    } else {
        let message = format!("{inside} is not ignored: `git add .` would take it, beside what it opens");
        Some(Remark::new(NAME, Condition::Error, message).fix(ignore))
    }
}

fn of_store(scene: &Scene<'_>, there: &[&IdentityPlace]) -> Remark {
    match &scene.opening {
        Opening::Opens => Remark::new(NAME, Condition::Ok, "an identity at hand opens the store"),
        Opening::NoStore => {
            let labels: Vec<&str> = there.iter().map(|place| place.label.as_str()).collect();
            Remark::new(
                NAME,
                Condition::Ok,
                format!("{}; no store here to try it on", labels.join(", ")),
            )
        }
        Opening::Closed(_) if there.iter().any(|place| place.state == IdentityState::Locked) => Remark::new(
            NAME,
            Condition::Note,
            "an identity is behind a passphrase, so the store was not opened",
        )
        .fix("mintage verify --deep asks for it and tries everything"),
        Opening::Closed(why) => Remark::new(
            NAME,
            Condition::Error,
            format!("no identity opens the store: {why}"),
        )
        .fix("mintage -i FILE verify, with the identity that the store was made for"),
    }
}

/// Names who copies a directory to other machines.
fn synced(scene: &Scene<'_>, path: &Path) -> Option<&'static str> {
    let by_name = path.components().find_map(|part| {
        let part = part.as_os_str().to_str()?;
        let known = SYNCED.iter().find(|(start, _)| part.starts_with(start));
        known.map(|(_, service)| *service)
    });
    by_name.or_else(|| {
        let marked = path
            .ancestors()
            .skip(1)
            .any(|above| scene.machine.state(&above.join(".stfolder")).is_some());
        marked.then_some("Syncthing")
    })
}

/// How the names of folders begin that a service copies.
const SYNCED: &[(&str, &str)] = &[
    ("CloudStorage", "a cloud service"),
    ("Dropbox", "Dropbox"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("MEGA", "MEGA"),
    ("Mobile Documents", "iCloud"),
    ("Nextcloud", "Nextcloud"),
    ("OneDrive", "OneDrive"),
    ("iCloud", "iCloud"),
    ("ownCloud", "ownCloud"),
    ("pCloud", "pCloud"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    const PATH: &str = "/home/ana/.config/mintage/identity.txt";

    fn at(path: &str, state: IdentityState) -> Vec<IdentityPlace> {
        vec![IdentityPlace {
            label: path.to_owned(),
            path: Some(path.into()),
            state,
        }]
    }

    #[test]
    fn a_private_one_that_opens_the_store_is_right() {
        let files = Files::default().with_mode(PATH, 0o600);
        let mut scene = scene(&files);
        scene.identities = at(PATH, IdentityState::Ready);
        scene.opening = Opening::Opens;

        assert_eq!(worst(&examine(&scene)), Condition::Ok);
    }

    #[test]
    fn one_that_others_read_is_wrong() {
        let files = Files::default().with_mode(PATH, 0o640);
        let mut scene = scene(&files);
        scene.identities = at(PATH, IdentityState::Refused("open to others".to_owned()));
        scene.opening = Opening::Opens;

        let remarks = examine(&scene);

        assert_eq!(worst(&remarks), Condition::Error);
        assert_eq!(remarks[0].fix, ["chmod 600 ~/.config/mintage/identity.txt"]);
    }

    #[test]
    fn one_that_a_service_copies_is_wrong() {
        let path = "/home/ana/Dropbox (Acme)/identity.txt";
        let files = Files::default().with_mode(path, 0o600);
        let mut scene = scene(&files);
        scene.identities = at(path, IdentityState::Ready);

        assert_eq!(worst(&examine(&scene)), Condition::Warning);

        let files = Files::default()
            .with_mode("/home/ana/keys/identity.txt", 0o600)
            .with_mode("/home/ana/keys/.stfolder", 0o700);
        let mut scene = self::scene(&files);
        scene.identities = at("/home/ana/keys/identity.txt", IdentityState::Ready);

        assert!(examine(&scene)[0].message.contains("Syncthing"));
    }

    #[test]
    fn none_is_wrong_only_where_there_is_a_store() {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.identities = at(PATH, IdentityState::Absent);

        assert_eq!(worst(&examine(&scene)), Condition::Note);
        scene.opening = Opening::Closed("no identity fits".to_owned());
        assert_eq!(worst(&examine(&scene)), Condition::Error);
    }

    #[test]
    fn one_that_does_not_open_the_store_is_wrong_unless_it_was_not_asked_for_its_passphrase() {
        let files = Files::default().with_mode(PATH, 0o600);
        let mut scene = scene(&files);
        scene.opening = Opening::Closed("no identity fits".to_owned());
        scene.identities = at(PATH, IdentityState::Ready);

        assert_eq!(worst(&examine(&scene)), Condition::Error);
        scene.identities = at(PATH, IdentityState::Locked);
        assert_eq!(worst(&examine(&scene)), Condition::Note);
    }
}
