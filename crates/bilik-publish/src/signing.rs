//! Key pairs: PKCS#8 PEM for the secret half, one line of text for the public one.

use crate::io_error::IoError;
use crate::randomness::RandomnessError;
use bilik::format::{self, FormatError, Head, PublicKey};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Why a key cannot be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// A key is never overwritten.
    #[error("{}", tr::tr!("{}: exists already, and a key is never overwritten. Fix: give another --out", path.display()))]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The public half was given for the secret one.
    #[error("{}", tr::tr!("{}: this is the public half of a key. Fix: give the secret half, which has the same name without .pub", path.display()))]
    PublicHalf {
        /// The file.
        path: PathBuf,
    },
    /// It is not a secret key. What the file holds is never repeated.
    #[error("{}", tr::tr!("{}: not an Ed25519 key in PKCS#8 PEM, as `bilik keygen` and `openssl genpkey -algorithm ed25519` write", path.display()))]
    NotASecretKey {
        /// The file.
        path: PathBuf,
    },
    /// It is not a public key.
    #[error("{}", tr::tr!("{}: not a public key. Expected: `bilik-public-key:` and 64 hex digits", path.display()))]
    NotAPublicKey {
        /// The file.
        path: PathBuf,
    },
    /// The same key twice.
    #[error("{}", tr::tr!("{}: this key was given before. Fix: give each key once", path.display()))]
    Repeated {
        /// The file.
        path: PathBuf,
    },
    /// None, or more than a head can hold.
    #[error("{}", tr::tr!("{} keys were given. Expected: 1 to {}", _0, format::MAX_SIGNATURES))]
    Count(usize),
    /// Pages would refuse what so few sign.
    #[error("{}", tr::tr!("election.toml: threshold is {}, so pages demand as many signatures, but {} would sign. Fix: give --key once for each key; or let the holders of the other keys add theirs with `bilik sign`, and say so with --signatures-follow", threshold, given))]
    TooFew {
        /// How many signatures pages demand.
        threshold: usize,
        /// How many keys were given.
        given: usize,
    },
    /// There are fewer keys than pages demand, also with those that may sign later.
    #[error("{}", tr::tr!("election.toml: threshold is {}, so pages demand as many signatures, and they would know {} keys. Fix: list the public halves of the others in public_keys", threshold, known))]
    TooFewKnown {
        /// How many signatures pages demand.
        threshold: usize,
        /// How many keys they would know.
        known: usize,
    },
    /// The head exceeds its limits.
    #[error("{}", tr::tr!("the head: {}", _0))]
    Head(FormatError),
    /// The key cannot be encoded.
    #[error("{}", tr::tr!("the key cannot be written as PKCS#8"))]
    Encoding,
    /// There is no randomness for a new key.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// Makes a key pair: `path` (secret, 0600, PKCS#8 PEM) and `path.pub` (one line). Gives the public key and its path.
///
/// # Errors
/// When one of the two files exists already: keys are never overwritten.
pub fn generate(path: &Path) -> Result<(PublicKey, PathBuf), SigningError> {
    let public_path = public_path(path);
    for file in [path, &public_path] {
        if file.exists() {
            return Err(SigningError::Exists { path: file.to_owned() });
        }
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(RandomnessError)?;
    let key = SigningKey::from_bytes(&seed);
    let public = PublicKey::of(key.verifying_key());
    // Without the public half: OpenSSL reads only the first version of PKCS#8 (RFC 5208), which has no place for it.
    let secret = KeypairBytes { secret_key: seed, public_key: None };
    let pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| SigningError::Encoding)?;
    write_new(path, pem.as_bytes(), 0o600)?;
    write_new(&public_path, format!("{public}\n").as_bytes(), 0o644)?;
    Ok((public, public_path))
}

/// Reads the secret half.
///
/// # Errors
/// When the file cannot be read or is not an Ed25519 key in PKCS#8 PEM. The message never holds what the file does.
pub fn read(path: &Path) -> Result<SigningKey, SigningError> {
    let pem = fs::read_to_string(path).map_err(IoError::advising(
        path,
        "cannot read the secret key",
        "Fix: create one with `bilik keygen --out`",
    ))?;
    if pem.trim_start().starts_with("bilik-public-key:") {
        return Err(SigningError::PublicHalf { path: path.to_owned() });
    }
    SigningKey::from_pkcs8_pem(&pem).map_err(|_| SigningError::NotASecretKey { path: path.to_owned() })
}

/// Reads a public half: the text of a `KEY.pub`.
///
/// # Errors
/// When the file cannot be read or is not a public key.
pub fn read_public(path: &Path) -> Result<PublicKey, SigningError> {
    let text = fs::read_to_string(path).map_err(IoError::at(path, "cannot read the public key"))?;
    PublicKey::parse(&text).ok_or_else(|| SigningError::NotAPublicKey { path: path.to_owned() })
}

/// Who signs: one key, or several together.
pub struct Signers(Vec<SigningKey>);

impl Signers {
    /// Reads their secret halves.
    ///
    /// # Errors
    /// As [`read`]; and when there are none, more than a head can hold, or the same key twice.
    pub fn read(paths: &[PathBuf]) -> Result<Self, SigningError> {
        let mut keys: Vec<SigningKey> = Vec::new();
        for path in paths {
            let key = read(path)?;
            if keys.contains(&key) {
                return Err(SigningError::Repeated { path: path.clone() });
            }
            keys.push(key);
        }
        if (1..=format::MAX_SIGNATURES).contains(&keys.len()) { Ok(Self(keys)) } else { Err(SigningError::Count(keys.len())) }
    }

    /// Checks that there are as many as the pages demand; or, if `others` are to sign afterwards, that they are as many with those.
    ///
    /// # Errors
    /// When they are fewer.
    pub fn require(&self, threshold: usize, others: Option<&[PublicKey]>) -> Result<(), SigningError> {
        let given = self.0.len();
        let known = others.map(|others| self.with_others(others).len());
        match known {
            Some(known) if known < threshold => Err(SigningError::TooFewKnown { threshold, known }),
            None if given < threshold => Err(SigningError::TooFew { threshold, given }),
            _ => Ok(()),
        }
    }

    /// Their public halves.
    #[must_use]
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.0.iter().map(|key| PublicKey::of(key.verifying_key())).collect()
    }

    /// All keys that a page trusts: theirs, and others that may sign later. Each once.
    #[must_use]
    pub fn with_others(&self, others: &[PublicKey]) -> Vec<PublicKey> {
        let mut keys = self.public_keys();
        for other in others {
            if !keys.contains(other) {
                keys.push(*other);
            }
        }
        keys
    }

    /// The head's file, signed by all of them.
    ///
    /// # Errors
    /// When the head is out of its limits.
    pub fn sign(&self, head: &Head) -> Result<Vec<u8>, SigningError> {
        let message = head.message().map_err(SigningError::Head)?;
        let sign = |key: &SigningKey| (PublicKey::of(key.verifying_key()), key.sign(&message));
        let signatures: Vec<_> = self.0.iter().map(sign).collect();
        head.to_bytes(&signatures).map_err(SigningError::Head)
    }
}

/// The Ed25519 signature of a secret key over some bytes, 64 bytes long. No file of Bilik's that is signed in this way begins as the
/// message of a head does.
///
/// # Errors
/// As [`read`].
pub fn sign_bytes(path: &Path, bytes: &[u8]) -> Result<[u8; 64], SigningError> {
    Ok(read(path)?.sign(bytes).to_bytes())
}

/// Whether a key made a signature over these bytes (RFC 8032, strictly).
#[must_use]
pub fn has_signed(key: &PublicKey, bytes: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    verifying_key(key).is_some_and(|key| key.verify_strict(bytes, &signature).is_ok())
}

/// By its text, which is how the core gives a key away.
fn verifying_key(key: &PublicKey) -> Option<VerifyingKey> {
    let text = key.to_string();
    let mut bytes = [0; 32];
    base16ct::lower::decode(text.rsplit(':').next()?, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Public keys in a sentence: `… and …`.
#[must_use]
pub fn listed(keys: &[PublicKey]) -> String {
    let texts = keys.iter().map(ToString::to_string);
    texts.reduce(|listed, key| tr::tr!("{} and {}", listed, key)).unwrap_or_default()
}

/// Where the public half of a key lies: beside it.
#[must_use]
pub fn public_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

pub(crate) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), IoError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(mode);
    }
    let written = options.open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(IoError::at(path, "cannot be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_signs_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("KEY");
        let (public, public_path) = generate(&path).unwrap();
        assert_eq!(read_public(&public_path).unwrap(), public);
        assert_eq!(PublicKey::of(read(&path).unwrap().verifying_key()), public);
        let before = fs::read(&path).unwrap();
        let as_openssl_writes = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI";
        assert!(before.starts_with(as_openssl_writes.as_bytes()));
        assert!(generate(&path).unwrap_err().to_string().contains("never overwritten"));
        assert_eq!(fs::read(&path).unwrap(), before);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn several_keys_sign_together_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [1, 2, 3, 4, 5].map(|key| folder.path().join(format!("KEY{key}")));
        let keys = paths.each_ref().map(|path| generate(path).unwrap().0);
        let two = Signers::read(&paths[..2]).unwrap();
        assert_eq!(two.public_keys(), keys[..2]);
        assert_eq!(two.with_others(&[keys[1], keys[2], keys[2], keys[3]]), keys[..4]);
        two.require(2, None).unwrap();
        assert!(two.require(3, None).unwrap_err().to_string().contains("threshold is 3"));
        let refused = |paths: &[PathBuf]| Signers::read(paths).err().unwrap().to_string();
        assert!(refused(&[paths[0].clone(), paths[0].clone()]).contains("given before"));
        assert!(refused(&paths).contains("5 keys were given. Expected: 1 to 4"));
        assert!(refused(&[]).contains("0 keys"));
    }

    #[test]
    fn what_is_not_a_secret_key_is_refused_without_repeating_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("KEY");
        let (_, public_path) = generate(&path).unwrap();
        assert!(read(&public_path).unwrap_err().to_string().contains("public half"));
        let other = folder.path().join("other");
        fs::write(&other, "s3cret").unwrap();
        let message = read(&other).unwrap_err().to_string();
        assert!(message.contains("PKCS#8") && !message.contains("s3cret"));
    }
}
