//! Where ids and secrets are made; nowhere else.

use tomfolio_domain::ids::{
    DocumentId, EvidenceId, FindingId, ImportId, JobId, MeasureId, NodeId, OrganisationId, PromiseId,
    ReleaseId, ReviewId, ShareId, SubprocessorId, TitleListId, TokenId, UserId,
};
use uuid::Uuid;

macro_rules! make {
    ($($name:ident -> $id:ident),+ $(,)?) => {$(
        pub fn $name() -> $id { $id::from_uuid(Uuid::now_v7()) }
    )+};
}
make! {
    organisation -> OrganisationId, user -> UserId, document -> DocumentId, node -> NodeId, measure -> MeasureId,
    evidence -> EvidenceId, release -> ReleaseId, review -> ReviewId, finding -> FindingId, share -> ShareId, import -> ImportId, job -> JobId, token -> TokenId,
    promise -> PromiseId, subprocessor -> SubprocessorId, title_list -> TitleListId,
}

/// Id of a row that nobody asks for by name (an access, a sign-off).
pub fn entry() -> String {
    Uuid::now_v7().simple().to_string()
}

/// Short reference of a logged error.
pub fn reference() -> String {
    Uuid::now_v7().simple().to_string().chars().skip(20).collect()
}

/// 256 random bits, hexadecimal.
pub fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
