//! Asking a host for its certificate: connect, shake hands, hang up.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use chrono::DateTime;
use chrono::Utc;
use rustls::CertificateError;
use rustls::ClientConfig;
use rustls::ClientConnection;
use rustls::DigitallySignedStruct;
use rustls::Error;
use rustls::RootCertStore;
use rustls::SignatureScheme;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::danger::ServerCertVerified;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::crypto::verify_tls12_signature;
use rustls::crypto::verify_tls13_signature;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::UnixTime;
use rustls::server::ParsedCertificate;

use crate::contract::certificate::Trust;
use crate::contract::certificate::read_chain;
use crate::ports::Handshakes;
use crate::ports::Question;
use crate::ports::ShownChain;

/// Shakes hands with hosts, and believes none: whether this machine would is a part of the answer.
pub struct TlsHandshakes;

impl Handshakes for TlsHandshakes {
    fn ask(&self, questions: &[Question], now: DateTime<Utc>) -> Vec<Result<ShownChain, String>> {
        if questions.is_empty() {
            return Vec::new();
        }
        let roots = authorities();
        let mut answers = Vec::with_capacity(questions.len());
        for some in questions.chunks(AT_ONCE) {
            let until = Instant::now() + PATIENCE;
            let waiting: Vec<_> = some.iter().map(|question| begin(question, until)).collect();
            for answer in waiting {
                // Looking up a name knows no time limit: what comes too late is not waited for.
                let left = until.saturating_duration_since(Instant::now()) + Duration::from_millis(200);
                let chain = answer.recv_timeout(left).unwrap_or_else(|_| Err(too_late()));
                answers.push(chain.map(|chain| ShownChain {
                    seen_at: now,
                    trust: verdict(&chain, &roots, now),
                    chain: chain.iter().map(|der| der.to_vec()).collect(),
                }));
            }
        }
        answers
    }
}

type Chain = Vec<CertificateDer<'static>>;

/// Asks one host on a thread of its own.
fn begin(question: &Question, until: Instant) -> mpsc::Receiver<Result<Chain, String>> {
    let (sender, receiver) = mpsc::channel();
    let question = question.clone();
    thread::spawn(move || {
        // Nobody listens any more when it took too long.
        let _ = sender.send(handshake(&question, until));
    });
    receiver
}

fn handshake(question: &Question, until: Instant) -> Result<Chain, String> {
    let name = ServerName::try_from(question.server_name.clone())
        .map_err(|_| format!("`{}` is no name that a host can have", question.server_name))?;
    let provider = Arc::new(default_provider());
    let witness = Arc::new(Witness {
        seen: Mutex::new(Vec::new()),
        provider: Arc::clone(&provider),
    });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    let mut socket = Patient {
        stream: connect(question, until)?,
        until,
    };
    let mut outcome = Ok(());
    while connection.is_handshaking() && outcome.is_ok() {
        outcome = connection.complete_io(&mut socket).map(drop);
    }
    connection.send_close_notify();
    // Whether the host hears the farewell changes nothing.
    let _ = connection.write_tls(&mut socket);
    let seen = witness.seen();
    match outcome {
        Ok(()) if !seen.is_empty() => Ok(seen),
        // A host that asks for a certificate of ours breaks off after it has shown its own.
        Err(error) if !seen.is_empty() && is_alert(&error) => Ok(seen),
        Ok(()) => Err("it shows no certificate".to_owned()),
        Err(error) => Err(explained(&error)),
    }
}

fn connect(question: &Question, until: Instant) -> Result<TcpStream, String> {
    let place = (question.address.host(), question.address.port());
    let addresses = place
        .to_socket_addrs()
        .map_err(|_| "its name is not known".to_owned())?;
    let mut last = "its name has no address".to_owned();
    for address in addresses {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(too_late());
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = explained(&error),
        }
    }
    Err(last)
}

/// A connection that ends at a time, however slowly bytes drip in.
struct Patient {
    stream: TcpStream,
    until: Instant,
}

impl Patient {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(Some(left))
        }
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Takes note of what a host shows and lets every certificate pass, but has the host prove that it holds the key.
#[derive(Debug)]
struct Witness {
    seen: Mutex<Chain>,
    provider: Arc<CryptoProvider>,
}

impl Witness {
    fn seen(&self) -> Chain {
        self.seen.lock().map(|seen| seen.clone()).unwrap_or_default()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Ok(mut seen) = self.seen.lock() {
            seen.clear();
            seen.push(end_entity.clone().into_owned());
            seen.extend(intermediates.iter().map(|der| der.clone().into_owned()));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Loads the authorities that this machine trusts, as far as they can be read.
fn authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Says whether this machine would trust the chain at a time within the life of its certificate: names and dates are
/// judged elsewhere.
fn verdict(chain: &Chain, roots: &RootCertStore, now: DateTime<Utc>) -> Trust {
    if roots.is_empty() {
        return Trust::NoAuthorities;
    }
    let ders: Vec<Vec<u8>> = chain.iter().map(|der| der.to_vec()).collect();
    let Some((leaf, intermediates)) = chain.split_first() else {
        return Trust::Refused;
    };
    let (Ok(facts), Ok(parsed)) = (read_chain(&ders), ParsedCertificate::try_from(leaf)) else {
        return Trust::Refused;
    };
    let at = now.min(facts.not_after).max(facts.not_before).timestamp();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at).unwrap_or(0)));
    let algorithms = default_provider().signature_verification_algorithms;
    match verify_server_cert_signed_by_trust_anchor(&parsed, roots, intermediates, at, algorithms.all) {
        Ok(()) => Trust::Trusted,
        Err(Error::InvalidCertificate(CertificateError::Revoked)) => Trust::Revoked,
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => Trust::UnknownIssuer,
        Err(_) => Trust::Refused,
    }
}

fn is_alert(error: &io::Error) -> bool {
    matches!(tls_error(error), Some(Error::AlertReceived(_)))
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

fn explained(error: &io::Error) -> String {
    match (tls_error(error), error.kind()) {
        (Some(Error::InvalidMessage(_)), _) => "what answers there does not speak TLS".to_owned(),
        (Some(Error::AlertReceived(alert)), _) => format!("it breaks the handshake off ({alert:?})"),
        (Some(_), _) => "the handshake fails".to_owned(),
        (None, io::ErrorKind::ConnectionRefused) => "the connection is refused".to_owned(),
        (None, io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => too_late(),
        (None, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
            "it hangs up during the handshake".to_owned()
        }
        (None, _) => "it cannot be reached".to_owned(),
    }
}

fn too_late() -> String {
    format!("no answer within {} seconds", PATIENCE.as_secs())
}

/// How long one host may take, from its name to the end of the handshake.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many hosts are asked at once.
const AT_ONCE: usize = 16;
