//! An RFC 3161 authority made of `openssl ts`, for the PDF tests and for the stories.

use std::path::Path;
use std::process::Command;

fn openssl(folder: &Path, args: &[&str]) {
    let done = Command::new("openssl").args(args).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "openssl {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

const CONFIGURATION: &str = "[tsa]
default_tsa = one
[one]
dir = .
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = root.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// Makes an authority in a folder, with a key of a kind (arguments of `openssl req -newkey`).
pub fn authority(folder: &Path, key: &[&str]) {
    std::fs::write(folder.join("tsa.cnf"), CONFIGURATION).unwrap();
    std::fs::write(folder.join("serial"), "01").unwrap();
    std::fs::write(folder.join("ext"), "extendedKeyUsage=critical,timeStamping\nkeyUsage=digitalSignature")
        .unwrap();
    let subject = |cn: &str| format!("/O=Zeitdienst/CN={cn}");
    let (root, own) = (subject("Zeit Wurzel"), subject("Zeitstempel Nord"));
    let out = ["-nodes", "-keyout", "root.key", "-out", "root.pem", "-subj", &root, "-days", "30"];
    openssl(folder, &[&["req", "-x509", "-newkey"], key, &out].concat());
    let out = ["-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", &own];
    openssl(folder, &[&["req", "-newkey"], key, &out].concat());
    let sign = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20", "-extfile", "ext"];
    openssl(folder, &[&["x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem"], sign.as_slice()].concat());
}

/// What the authority answers to a question.
pub fn reply(folder: &Path, question: &[u8]) -> Vec<u8> {
    std::fs::write(folder.join("q.tsq"), question).unwrap();
    let args = ["ts", "-reply", "-queryfile", "q.tsq", "-config", "tsa.cnf", "-out", "r.tsr"];
    openssl(folder, &args);
    std::fs::read(folder.join("r.tsr")).unwrap()
}
