//! Title lists: read in by who edits, shown in the coverage of the own documents only.

use crate::world::{World, databases, organisation};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::catalogues::CatalogueCode;
use tomfolio_domain::documents::{Coverage, DocumentService};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::titles::{ImportTitles, TitleService};

async fn coverage(w: &World) -> Coverage {
    w.backend.coverage(w.may(Role::Reviewer, Action::ReadDocuments), w.document).await.unwrap()
}

fn list(name: &str, of: Option<CatalogueCode>, csv: &str) -> ImportTitles {
    ImportTitles { name: name.into(), licence: "eigenes Exemplar".into(), of, csv: csv.into() }
}

#[tokio::test]
async fn licensed_titles_stand_in_the_coverage_of_the_own_documents() {
    for database in databases() {
        let w = World::new(&database).await;
        let edit = || w.may(Role::Dpo, Action::EditDocument);
        let iso = Some(CatalogueCode::Iso27001);
        let shipped = coverage(&w).await.catalogues.len();
        let id =
            TitleService::import(&w.backend, edit(), list("ISO", iso, "5.1;Eigener Titel")).await.unwrap();
        let own = list("Liste", None, "X1;Türen;physical_access\nX2;Nichts;recovery");
        TitleService::import(&w.backend, edit(), own).await.unwrap();
        let c = coverage(&w).await;
        assert_eq!(c.catalogues.len(), shipped + 1);
        let of_iso = c.catalogues.iter().find(|k| k.catalogue == iso).unwrap();
        assert_eq!(of_iso.cells.iter().find(|x| x.code == "5.1").unwrap().title, "Eigener Titel");
        let own = c.catalogues.last().unwrap();
        let counts: Vec<_> = own.cells.iter().map(|x| (x.code.as_str(), x.measures.len())).collect();
        assert_eq!(counts, [("X1", 3), ("X2", 0)]);
        // The same name takes the place of the former one; what is removed is gone.
        TitleService::import(&w.backend, edit(), list("ISO", iso, "5.2;Anderer")).await.unwrap();
        let refused = TitleService::remove(&w.backend, edit(), id).await;
        assert_eq!(refused, Err(DomainError::NotFound));
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        assert_eq!(TitleService::list(&w.backend, read()).await.unwrap().len(), 2);
        // Nobody else sees them.
        let (other, people) = organisation(&w.backend, "Andere AG", "t").await;
        let theirs = crate::world::actor(other, &people, Role::Dpo, w.now());
        let theirs = policy::permit(&theirs, Action::ReadDocuments, w.now()).unwrap();
        assert_eq!(TitleService::list(&w.backend, theirs).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn a_list_that_does_not_fit_names_its_line_and_stores_nothing() {
    for database in databases() {
        let w = World::new(&database).await;
        let dpo = w.sign_in(Role::Dpo).await;
        let form = "name=ISO&licence=Exemplar&of=iso27001-2022-a&csv=5.1%3BEins%0A99.9%3BMond";
        let back = w.refused("/api/titles/import", &dpo, form).await;
        assert_eq!(back, "/catalogues?refused=csv_line.2");
        let (_, _, body) = w.get(&back, &dpo).await;
        assert!(body.contains("Zeile 2") && body.contains("99.9;Mond"), "the typing comes back");
        assert!(body.contains("Noch keine."), "nothing is stored");
        assert_eq!(w.plain("/api/titles/import", &dpo, &form.replace("99.9", "5.2")).await, "/catalogues");
        let reviewer = w.sign_in(Role::Reviewer).await;
        let (status, ..) = w.post("/api/titles/import", &reviewer, form).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (_, _, body) = w.get("/catalogues", &reviewer).await;
        assert!(body.contains("2 Titel") && !body.contains("import-titles"));
    }
}
