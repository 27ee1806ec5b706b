//! OpenID Connect (Core 1.0) with the oauth2 crate: discovery, code flow with PKCE, and the ID token checked here, because
//! oauth2 does not: algorithm allow-list, signature by key id, issuer, audience, nonce, times.

use super::egress::{Client, EgressError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenUrl,
};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Clocks may differ by so many seconds.
const SKEW: i64 = 60;
/// A token is not older than this when it arrives, in seconds.
const OLDEST: i64 = 600;

/// Why a sign-in at the provider failed. For the log; the person is told one sentence.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error("the provider: {0}")]
    Egress(#[from] EgressError),
    #[error("the provider's configuration: {0}")]
    Metadata(String),
    #[error("the token request: {0}")]
    Token(String),
    #[error("the ID token: {0}")]
    Claim(&'static str),
}

/// What the operator says of the provider.
#[derive(Clone, Debug)]
pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// As it stands on the button.
    pub name: String,
    /// Where the provider sends the browser back to.
    pub redirect: String,
}

/// A provider, with what it told of itself.
#[derive(Clone)]
pub struct Provider {
    pub settings: Settings,
    client: Client,
    known: Arc<Mutex<Option<Metadata>>>,
    keys: Arc<Mutex<Vec<Jwk>>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// A key of the provider (RFC 7517); what cannot be used here has empty fields.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Jwk {
    #[serde(default)]
    kid: String,
    kty: String,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<serde_json::Value>,
}

/// What is taken from an ID token once everything about it is right.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Claims {
    iss: String,
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    /// When the person last proved to be there, seconds since 1970.
    pub auth_time: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IdField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdField {}

type Flow = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<IdField, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Where the browser goes, and the secrets that belong to it.
pub struct Start {
    pub url: String,
    pub state: String,
    pub verifier: String,
    pub nonce: String,
}

impl Provider {
    pub fn new(settings: Settings) -> Result<Provider, EgressError> {
        Ok(Provider { settings, client: Client::new()?, known: Arc::default(), keys: Arc::default() })
    }

    async fn metadata(&self) -> Result<Metadata, OidcError> {
        let mut known = self.known.lock().await;
        if let Some(found) = known.as_ref() {
            return Ok(found.clone());
        }
        let issuer = self.settings.issuer.trim_end_matches('/');
        let bytes = self.client.get(&format!("{issuer}/.well-known/openid-configuration")).await?;
        let found: Metadata =
            serde_json::from_slice(&bytes).map_err(|e| OidcError::Metadata(e.to_string()))?;
        // Discovery, 4.3: the issuer says of itself what it was asked as.
        if found.issuer != self.settings.issuer {
            return Err(OidcError::Metadata("it names another issuer".into()));
        }
        *known = Some(found.clone());
        Ok(found)
    }

    fn flow(&self, m: &Metadata) -> Result<Flow, OidcError> {
        let bad = |e: oauth2::url::ParseError| OidcError::Metadata(e.to_string());
        Ok(oauth2::Client::new(ClientId::new(self.settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.settings.client_secret.clone()))
            .set_auth_uri(AuthUrl::new(m.authorization_endpoint.clone()).map_err(bad)?)
            .set_token_uri(TokenUrl::new(m.token_endpoint.clone()).map_err(bad)?)
            .set_redirect_uri(RedirectUrl::new(self.settings.redirect.clone()).map_err(bad)?))
    }

    /// Begins; `again` asks the person to prove to be there even if the provider knows them still.
    pub async fn start(&self, nonce: String, again: bool) -> Result<Start, OidcError> {
        let flow = self.flow(&self.metadata().await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut ask = flow
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("openid".into()))
            .add_extra_param("nonce", nonce.clone())
            .set_pkce_challenge(challenge);
        if again {
            ask = ask.add_extra_param("prompt", "login").add_extra_param("max_age", "0");
        }
        let (url, state) = ask.url();
        Ok(Start { url: url.into(), state: state.into_secret(), verifier: verifier.into_secret(), nonce })
    }

    /// Turns a code into claims that hold. `iss` is the address's own parameter (RFC 9207).
    pub async fn finish(
        &self,
        code: String,
        iss: Option<&str>,
        verifier: String,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Claims, OidcError> {
        let m = self.metadata().await?;
        match iss {
            Some(iss) if iss != m.issuer => return Err(OidcError::Claim("another issuer answered")),
            None if m.authorization_response_iss_parameter_supported => {
                return Err(OidcError::Claim("the issuer did not name itself"));
            }
            _ => {}
        }
        let client = self.client.clone();
        let http = move |request: oauth2::HttpRequest| {
            let client = client.clone();
            async move { client.send(request).await }
        };
        let answer = self
            .flow(&m)?
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&http)
            .await
            // What the provider says may hold what was sent: only the kind of failure is kept.
            .map_err(|e| OidcError::Token(kind(&e).to_owned()))?;
        let token = answer.extra_fields().id_token.clone().ok_or(OidcError::Claim("is missing"))?;
        let wanted = Wanted { issuer: &m.issuer, client: &self.settings.client_id, nonce, now };
        let keys = self.keys.lock().await.clone();
        match check(&token, &keys, &wanted) {
            // Keys change: an unknown one is looked for once more.
            Err(OidcError::Claim(UNKNOWN_KEY)) => {
                let keys = self.fetch_keys(&m).await?;
                check(&token, &keys, &wanted)
            }
            other => other,
        }
    }

    async fn fetch_keys(&self, m: &Metadata) -> Result<Vec<Jwk>, OidcError> {
        let bytes = self.client.get(&m.jwks_uri).await?;
        let found: Jwks = serde_json::from_slice(&bytes).map_err(|e| OidcError::Metadata(e.to_string()))?;
        // Keys of kinds that are unknown here are passed over.
        let keys: Vec<Jwk> = found.keys.into_iter().filter_map(|k| serde_json::from_value(k).ok()).collect();
        self.keys.lock().await.clone_from(&keys);
        Ok(keys)
    }
}

fn kind<E: std::error::Error, T: oauth2::ErrorResponse>(e: &oauth2::RequestTokenError<E, T>) -> &'static str {
    match e {
        oauth2::RequestTokenError::ServerResponse(_) => "refused",
        oauth2::RequestTokenError::Request(_) => "not reached",
        oauth2::RequestTokenError::Parse(..) => "not readable",
        oauth2::RequestTokenError::Other(_) => "odd",
    }
}

/// What a token must say.
pub struct Wanted<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

const UNKNOWN_KEY: &str = "names an unknown key";

#[derive(Deserialize)]
struct Head {
    alg: String,
    #[serde(default)]
    kid: String,
}

/// Checks an ID token (Core, 3.1.3.7).
pub fn check(token: &str, keys: &[Jwk], wanted: &Wanted<'_>) -> Result<Claims, OidcError> {
    let bad = OidcError::Claim;
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, sig] = parts.as_slice() else { return Err(bad("is no signed token")) };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| bad("cannot be decoded"));
    let head: Head = serde_json::from_slice(&decode(head)?).map_err(|_| bad("has no readable head"))?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    // The allow-list comes before any key: neither `none` nor a shared secret is an algorithm here.
    if !["RS256", "ES256"].contains(&head.alg.as_str()) {
        return Err(bad("has an algorithm that is not taken"));
    }
    let fits = |k: &&Jwk| match head.alg.as_str() {
        "RS256" => k.kty == "RSA",
        _ => k.kty == "EC" && k.crv == "P-256",
    };
    let fitting: Vec<&Jwk> = keys.iter().filter(fits).collect();
    let key = match fitting.as_slice() {
        // A provider with one key need not name it (RFC 7515, 4.1.4).
        [only] if head.kid.is_empty() => *only,
        all => *all.iter().find(|k| k.kid == head.kid).ok_or(bad(UNKNOWN_KEY))?,
    };
    let sig = decode(sig)?;
    let holds = if head.alg == "RS256" {
        let (n, e) = (decode(&key.n)?, decode(&key.e)?);
        RsaPublicKeyComponents { n: &n, e: &e }.verify(
            &signature::RSA_PKCS1_2048_8192_SHA256,
            signed.as_bytes(),
            &sig,
        )
    } else {
        let point = [vec![4], decode(&key.x)?, decode(&key.y)?].concat();
        UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed.as_bytes(), &sig)
    };
    holds.map_err(|_| bad("has a signature that does not hold"))?;
    let c: Claims = serde_json::from_slice(&decode(body)?).map_err(|_| bad("lacks a claim"))?;
    let audience: Vec<&str> = match &c.aud {
        Audience::One(a) => vec![a],
        Audience::Many(all) => all.iter().map(String::as_str).collect(),
    };
    let now = wanted.now.as_second();
    if c.iss != wanted.issuer {
        return Err(bad("is of another issuer"));
    }
    if !audience.contains(&wanted.client) {
        return Err(bad("is for another client"));
    }
    if (audience.len() > 1 || c.azp.is_some()) && c.azp.as_deref() != Some(wanted.client) {
        return Err(bad("was issued to another party"));
    }
    if c.exp <= now - SKEW {
        return Err(bad("has expired"));
    }
    if c.iat > now + SKEW || c.iat < now - OLDEST || c.nbf.is_some_and(|t| t > now + SKEW) {
        return Err(bad("has a time that cannot be"));
    }
    if c.nonce.as_deref() != Some(wanted.nonce) {
        return Err(bad("belongs to another sign-in"));
    }
    if c.sub.is_empty() || c.sub.len() > 255 {
        return Err(bad("names nobody"));
    }
    Ok(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::Signer;
    use serde_json::json;

    fn encode(value: &serde_json::Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    #[test]
    fn a_token_is_taken_only_when_everything_about_it_is_right() {
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let part = |p: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(p.unwrap());
        let jwk = Jwk {
            kid: "one".into(),
            kty: "EC".into(),
            crv: "P-256".into(),
            x: part(point.x()),
            y: part(point.y()),
            ..Jwk::default()
        };
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        let wanted = Wanted { issuer: "https://op.example", client: "tom", nonce: "n1", now };
        let s = now.as_second();
        let good = json!({ "iss": "https://op.example", "sub": "anna", "aud": "tom", "exp": s + 300, "iat": s, "nonce": "n1" });
        let token = |head: serde_json::Value, body: &serde_json::Value| {
            let signed = format!("{}.{}", encode(&head), encode(body));
            let sig: p256::ecdsa::Signature = key.sign(signed.as_bytes());
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sig.to_bytes()))
        };
        let head = json!({ "alg": "ES256", "kid": "one" });
        let keys = std::slice::from_ref(&jwk);
        assert_eq!(check(&token(head.clone(), &good), keys, &wanted).unwrap().sub, "anna");
        let with = |field: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[field] = value;
            token(head.clone(), &body)
        };
        let table = [
            ("issuer", with("iss", json!("https://evil.example"))),
            ("audience", with("aud", json!("another"))),
            ("several audiences without azp", with("aud", json!(["tom", "another"]))),
            ("azp", with("azp", json!("another"))),
            ("expired", with("exp", json!(s - 120))),
            ("from the future", with("iat", json!(s + 600))),
            ("old", with("iat", json!(s - 3_600))),
            ("not yet", with("nbf", json!(s + 600))),
            ("nonce", with("nonce", json!("n2"))),
            ("no nonce", with("nonce", json!(null))),
            ("nobody", with("sub", json!(""))),
            ("none", token(json!({ "alg": "none", "kid": "one" }), &good)),
            ("shared secret", token(json!({ "alg": "HS256", "kid": "one" }), &good)),
            ("another algorithm", token(json!({ "alg": "RS256", "kid": "one" }), &good)),
            ("unknown key", token(json!({ "alg": "ES256", "kid": "two" }), &good)),
            ("unsigned", format!("{}.{}.", encode(&head), encode(&good))),
            ("rubbish", "a.b".to_owned()),
        ];
        for (what, bad) in table {
            assert!(check(&bad, keys, &wanted).is_err(), "{what}");
        }
        // Somebody else's key under the same name.
        let other = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
        let signed = format!("{}.{}", encode(&head), encode(&good));
        let sig: p256::ecdsa::Signature = other.sign(signed.as_bytes());
        let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sig.to_bytes()));
        assert!(check(&forged, keys, &wanted).is_err());
    }
}
