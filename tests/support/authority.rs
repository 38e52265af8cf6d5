//! Certificates made by openssl at run time, and servers that show them on loopback.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

/// A certificate authority with an intermediate one, in a directory of its own.
pub struct Authority {
    home: PathBuf,
}

/// What a certificate is to be.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The names that it is for, as openssl spells them: `DNS:app.example.com,IP:127.0.0.1`.
    pub names: &'a str,
    /// From when to when it is valid, as `20200101000000Z`.
    pub valid: Option<(&'a str, &'a str)>,
    /// Days that it is valid from now on, unless `valid` says otherwise.
    pub days: u32,
    /// The key: `rsa:2048`, `ec:P-256`, `ed25519`.
    pub key: &'a str,
    /// The digest of the signature.
    pub digest: &'a str,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self {
            names: "DNS:app.example.com",
            valid: None,
            days: 90,
            key: "ec:P-256",
            digest: "sha256",
        }
    }
}

impl Authority {
    /// Makes a root and an intermediate authority below `home`.
    pub fn new(home: &Path) -> Self {
        fs::create_dir_all(home).unwrap();
        let authority = Self {
            home: home.to_owned(),
        };
        authority.key("root", "ec:P-256");
        authority.key("middle", "ec:P-256");
        // Older than every certificate that they issue.
        let wanted = Wanted {
            valid: Some(("20190101000000Z", "20350101000000Z")),
            ..Wanted::default()
        };
        let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
        authority.sign(("root", "/O=Test/CN=Root"), "root", &wanted, extensions);
        authority.sign(("middle", "/O=Test/CN=Middle"), "root", &wanted, extensions);
        authority
    }

    /// Makes a certificate and its key: `<name>.pem` and `<name>.key`.
    pub fn issue(&self, name: &str, wanted: &Wanted<'_>) {
        self.key(name, wanted.key);
        let names = match wanted.names {
            "" => String::new(),
            names => format!("subjectAltName={names}\n"),
        };
        let extensions = format!("basicConstraints=CA:FALSE\n{names}");
        self.sign((name, "/CN=app.example.com"), "middle", wanted, &extensions);
    }

    /// Makes a certificate that vouches for itself.
    pub fn self_signed(&self, name: &str) {
        self.key(name, "ec:P-256");
        let [key, pem] = ["key", "pem"].map(|end| format!("{name}.{end}"));
        self.openssl(&[
            "req",
            "-x509",
            "-key",
            &key,
            "-out",
            &pem,
            "-days",
            "90",
            "-subj",
            "/CN=app.example.com",
            "-addext",
            "subjectAltName=DNS:app.example.com",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
    }

    /// The path of a file of the authority.
    pub fn path(&self, file: &str) -> PathBuf {
        self.home.join(file)
    }

    /// The text of several files of the authority, one after another.
    pub fn bundle(&self, files: &[&str]) -> String {
        files
            .iter()
            .map(|file| fs::read_to_string(self.path(file)).unwrap())
            .collect()
    }

    /// Runs openssl in the directory of the authority.
    pub fn openssl(&self, args: &[&str]) -> String {
        let output = Command::new("openssl")
            .args(args)
            .current_dir(&self.home)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("these tests need openssl (Debian: openssl): {error}"));
        assert!(
            output.status.success(),
            "openssl {args:?}:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn key(&self, name: &str, kind: &str) {
        let out = format!("{name}.key");
        let (algorithm, option) = match kind.split_once(':') {
            Some(("rsa", bits)) => ("RSA", format!("rsa_keygen_bits:{bits}")),
            Some((_, curve)) => ("EC", format!("ec_paramgen_curve:{curve}")),
            None => ("ED25519", String::new()),
        };
        let mut args = vec!["genpkey", "-algorithm", algorithm, "-out", &out];
        if !option.is_empty() {
            args.extend(["-pkeyopt", &option]);
        }
        self.openssl(&args);
    }

    fn sign(&self, (name, subject): (&str, &str), issuer: &str, wanted: &Wanted<'_>, extensions: &str) {
        let [key, csr, pem, ext] = ["key", "csr", "pem", "ext"].map(|end| format!("{name}.{end}"));
        let key_ids = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
        fs::write(self.path(&ext), format!("{extensions}{key_ids}")).unwrap();
        self.openssl(&["req", "-new", "-key", &key, "-subj", subject, "-out", &csr]);
        // `openssl ca` alone takes dates, and it wants a directory with its books.
        fs::write(self.path("index.txt"), "").unwrap();
        fs::write(
            self.path("ca.cnf"),
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\npolicy=p\n\
             unique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n",
        )
        .unwrap();
        let [issuer_pem, issuer_key] = ["pem", "key"].map(|end| format!("{issuer}.{end}"));
        let days = wanted.days.to_string();
        let mut args = vec![
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca.cnf",
            "-in",
            &csr,
            "-out",
            &pem,
            "-keyfile",
            &issuer_key,
            "-md",
            wanted.digest,
            "-extfile",
            &ext,
            "-preserveDN",
        ];
        if issuer == name {
            args.push("-selfsign");
        } else {
            args.extend(["-cert", &issuer_pem]);
        }
        match &wanted.valid {
            Some((from, until)) => args.extend(["-startdate", from, "-enddate", until]),
            None => args.extend(["-days", &days]),
        }
        self.openssl(&args);
    }
}

/// `openssl s_server` on a free port of loopback; it ends with this value.
pub struct TlsServer {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl TlsServer {
    /// Shows `<name>.pem` with the certificates of `chain` behind it.
    pub fn start(authority: &Authority, name: &str, chain: &[&str], more: &[&str]) -> Self {
        let [pem, key, file] = ["pem", "key", "chain"].map(|end| format!("{name}.{end}"));
        let mut command = Command::new("openssl");
        command
            .args([
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-www",
                "-cert",
                &pem,
                "-key",
                &key,
            ])
            .args(more)
            .current_dir(authority.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if !chain.is_empty() {
            fs::write(authority.path(&file), authority.bundle(chain)).unwrap();
            command.args(["-cert_chain", &file]);
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| line.unwrap().strip_prefix("ACCEPT ").map(str::to_owned))
            .expect("openssl s_server says where it listens");
        // What it says later must be read, or it stops when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
