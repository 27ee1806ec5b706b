//! Ids are newtypes, made in `backend` (UUIDv7), shown with a prefix that says what they name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

macro_rules! id_type {
    ($($(#[$m:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$m])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);
        impl $name {
            pub const PREFIX: &'static str = $prefix;
            pub const fn from_uuid(id: Uuid) -> Self { Self(id) }
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.simple())
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::error::DomainError;
            /// A malformed id names nothing: `NotFound`, as an unknown one.
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.strip_prefix(concat!($prefix, "_"))
                    .filter(|h| h.len() == 32)
                    .and_then(|h| Uuid::parse_str(h).ok())
                    .map(Self)
                    .ok_or(crate::error::DomainError::NotFound)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

id_type! {
    OrganisationId = "org",
    UserId = "usr",
    SessionId = "ses",
    DocumentId = "doc",
    NodeId = "nod",
    MeasureId = "mea",
    EvidenceId = "evi",
    ReleaseId = "rel",
    ReviewId = "rev",
    FindingId = "fin",
    ShareId = "shr",
    ImportId = "imp",
    JobId = "job",
    TokenId = "tok",
    PromiseId = "pro",
    SubprocessorId = "sub",
    TitleListId = "tit",
}
