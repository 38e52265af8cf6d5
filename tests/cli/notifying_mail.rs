//! Mail and desktops: a real mail server with and without TLS, a program `sendmail`, and a bus of a desktop.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::process::Stdio;

use crate::authority::Authority;
use crate::authority::Wanted;
use crate::notifying::Estate;
use crate::receiver::Receiver;
use crate::receiver::deserted_port;
use crate::receiver::interpreter;
use crate::sandbox::Sandbox;

const MAIL: &str = "type = \"email\"\nsmtp_env = \"SMTP_URL\"\nfrom = \"mintage@example.com\"\nto = [\"ops@example.com\", \"b@example.org\"]";

/// An authority with a certificate for this machine, and the variable by which it is trusted.
fn authority(home: &Sandbox) -> (Authority, (&'static str, String)) {
    let authority = Authority::new(&home.beside("authority"));
    let wanted = Wanted {
        names: "DNS:localhost,IP:127.0.0.1",
        ..Wanted::default()
    };
    authority.issue("mail", &wanted);
    let root = authority.path("root.pem").to_str().unwrap().to_owned();
    (authority, ("SSL_CERT_FILE", root))
}

#[test]
fn mail_goes_over_tls_with_a_login_or_plain_on_this_machine_without_one() {
    let home = Sandbox::new();
    let (authority, trust) = authority(&home);
    for (security, scheme, login) in [
        ("starttls", "smtp", Some("ops")),
        ("wrapper", "smtps", None),
        ("plain", "smtp", None),
    ] {
        let server = Receiver::smtp(security, &authority, "mail", &["200"]);
        let user = login.map_or(String::new(), |user| format!("{user}:p%40ss%2Fword@"));
        let url = format!("{scheme}://{user}localhost:{}", server.port);
        let estate = Estate::new(MAIL, &[("SMTP_URL", url), trust.clone()]);

        let output = estate.notify().exits(3);

        assert!(output.stderr.contains("ops: told 2"), "{security}: {output}");
        assert!(!output.whole().contains("p@ss") && !output.whole().contains("p%40ss"));
        let [mail] = &server.requests()[..] else {
            panic!("{security}: one mail");
        };
        assert_eq!(mail["from"], "mintage@example.com");
        assert_eq!(
            mail["to"],
            serde_json::json!(["ops@example.com", "b@example.org"])
        );
        assert_eq!(mail["secured"], security != "plain", "{security}");
        let body = mail["body"].as_str().unwrap();
        assert!(
            body.contains("Subject: shop: 2 reminders, 1 urgent\r\n"),
            "{body}"
        );
        assert!(body.contains("Content-Type: text/plain"), "{body}");
        assert!(
            body.contains("production/BROKER_TOKEN is overdue for rotation ("),
            "{body}"
        );
        assert!(
            body.contains("    mintage rotate BROKER_TOKEN -e production"),
            "{body}"
        );
    }
}

#[test]
fn a_password_is_never_said_before_the_talk_is_encrypted() {
    let home = Sandbox::new();
    let (authority, trust) = authority(&home);
    let server = Receiver::smtp("plain", &authority, "mail", &["200"]);
    let url = format!("smtp://ops:p%40ss%2Fword@localhost:{}", server.port);

    let output = Estate::new(MAIL, &[("SMTP_URL", url), trust]).notify().exits(4);

    assert!(
        output.stderr.contains("localhost offers no encryption"),
        "{output}"
    );
    assert_eq!(server.raw(), "");
}

#[test]
fn mail_that_is_not_taken_is_sent_again() {
    let home = Sandbox::new();
    let (authority, trust) = authority(&home);
    let server = Receiver::smtp("wrapper", &authority, "mail", &["451"]);
    let url = format!("smtps://localhost:{}", server.port);
    let untrusting = Estate::new(MAIL, &[("SMTP_URL", url.clone())]).notify().exits(4);
    assert!(
        untrusting.stderr.contains("nobody that this machine trusts"),
        "{untrusting}"
    );
    let estate = Estate::new(MAIL, &[("SMTP_URL", url), trust.clone()]);

    let later = estate.notify().exits(4);
    assert!(
        later.stderr.contains("localhost answers with the code 451"),
        "{later}"
    );
    assert_eq!(server.requests().len(), 3);
    server.plan(&["554"]);
    let never = estate.notify().exits(1);
    assert!(
        never.stderr.contains("localhost answers with the code 554"),
        "{never}"
    );
    assert_eq!(server.requests().len(), 4);
    assert!(!never.whole().contains("words of a server"), "{never}");
    server.plan(&["200"]);
    let _ = estate.notify().exits(3);

    let wrong = format!("smtps://ops:wrong@localhost:{}", server.port);
    let login = Estate::new(MAIL, &[("SMTP_URL", wrong), trust]).notify();
    assert!(
        [1, 4].contains(&login.code) && !login.whole().contains("wrong@"),
        "{login}"
    );
    let gone = format!("smtp://localhost:{}", deserted_port());
    let gone = Estate::new(MAIL, &[("SMTP_URL", gone)]).notify().exits(4);
    assert!(gone.stderr.contains("localhost refuses the connection"), "{gone}");
}

#[test]
fn a_program_takes_mail_where_the_policy_says_so() {
    let bin = Sandbox::new();
    let program = bin.beside("sendmail");
    let put = |end: &str| {
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >{0}/argv\ncat >{0}/mail\n{end}\n",
            bin.everything().display()
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    };
    put("exit 75");
    let fields =
        "type = \"email\"\nsendmail = true\nfrom = \"mintage@example.com\"\nto = [\"ops@example.com\"]";
    let path = format!(
        "{}:{}",
        bin.everything().display(),
        std::env::var("PATH").unwrap()
    );
    let estate = Estate::new(fields, &[("PATH", path)]);

    let later = estate.notify().exits(4);
    assert!(
        later.stderr.contains("`sendmail` cannot take the mail now"),
        "{later}"
    );
    put("");
    let _ = estate.notify().exits(3);

    let argv = fs::read_to_string(bin.beside("argv")).unwrap();
    assert_eq!(argv, "-i\n-t\n-f\nmintage@example.com\n");
    let mail = fs::read_to_string(bin.beside("mail")).unwrap();
    assert!(mail.contains("To: ops@example.com\r\n"), "{mail}");
    assert!(mail.contains("production/BROKER_TOKEN is overdue"), "{mail}");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o777)).unwrap();
    let open = estate.command(&["policy", "approve", "--list"]).run().succeeds();
    assert!(open.text().contains("unusable"), "{open}");
}

/// A program that takes the name of the desktop's notifications and notes what it is asked to show.
const DESKTOP: &str = "
import asyncio, json, sys
from dbus_next import Variant
from dbus_next.aio import MessageBus
from dbus_next.service import ServiceInterface, method

class Notifications(ServiceInterface):
    def __init__(self):
        super().__init__('org.freedesktop.Notifications')

    @method()
    async def Notify(self, app: 's', replaces: 'u', icon: 's', title: 's', text: 's', actions: 'as',
                     hints: 'a{sv}', expires: 'i') -> 'u':
        print(json.dumps([app, title, text, hints['urgency'].value, expires]), flush=True)
        if '--slow' in sys.argv:
            await asyncio.sleep(30)
        return 7

async def main():
    bus = await MessageBus(bus_address=sys.argv[1]).connect()
    bus.export('/org/freedesktop/Notifications', Notifications())
    await bus.request_name('org.freedesktop.Notifications')
    print('ready', flush=True)
    await asyncio.get_running_loop().create_future()

asyncio.run(main())
";

#[test]
fn a_desktop_shows_what_is_due() {
    let home = Sandbox::new();
    let config = home.beside("bus.conf");
    let text = format!(
        "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>",
        home.everything().display()
    );
    fs::write(&config, text).unwrap();
    let mut bus = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", config.display()))
        .args(["--nofork", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test needs dbus-daemon (Debian: dbus-daemon)");
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();
    let address = address.trim().to_owned();
    let variable = ("DBUS_SESSION_BUS_ADDRESS", address.clone());
    let estate = Estate::new("type = \"desktop\"\ntimeout = \"2s\"", &[variable]);

    let nobody = estate.notify().exits(4);
    assert!(
        nobody
            .stderr
            .contains("no program of this desktop shows notifications"),
        "{nobody}"
    );
    for (more, code) in [(&["--slow"][..], 4), (&[], 3)] {
        let mut desktop = Command::new(interpreter())
            .args(["-I", "-c", DESKTOP, &address])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(desktop.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");

        let output = estate.notify().exits(code);

        let _ = desktop.kill();
        let _ = desktop.wait();
        let shown = lines
            .next()
            .expect("the desktop was asked to show something")
            .unwrap();
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(shown[0], "mintage");
        assert_eq!(shown[1], "shop: 2 reminders, 1 urgent");
        assert!(
            shown[2]
                .as_str()
                .unwrap()
                .starts_with("production/BROKER_TOKEN is overdue for rotation ("),
            "{shown}"
        );
        assert_eq!(shown[3], 2, "{output}");
    }
    let _ = bus.kill();
    let _ = bus.wait();
}
