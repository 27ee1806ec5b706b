//! The conform layer: what printpdf does not write and PDF/A-3a and PDF/UA-1 ask for. XMP, output intent, structure
//! tree, outline, link annotations, embedded source, page labels, an id made of the content.

use super::PdfError;
use super::display::{Bookmark, Display, Kid, Target, Tree};
use super::paint::{Painted, own};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary, text_string};
use sha2::{Digest, Sha256};
use std::io::Write;
use tomfolio_domain::outline::Outline;
use tomfolio_locales::{Lang, pdf as words};

const ICC: &[u8] = include_bytes!("../../../assets/sRGB.icc");

/// Completes the engine's document and writes it.
pub fn finish(painted: Painted, display: &Display, o: &Outline) -> Result<Vec<u8>, PdfError> {
    let Painted { document: mut d, contents, counts } = painted;
    let mut tree = display.tree.clone();
    own(&mut tree, &contents);
    d.version = "1.7".to_owned();
    let pages: Vec<ObjectId> = d.get_pages().into_values().collect();
    let date = pdf_date(&o.as_of);
    let annotations = links(&mut d, display, &pages, counts.len())?;
    let structure = structure(&mut d, &tree, &pages, &counts, &annotations);
    for (i, id) in pages.iter().enumerate() {
        let page = d.get_dictionary_mut(*id)?;
        page.set("StructParents", i as i64);
        page.set("Tabs", "S");
        page.set("Group", dictionary! { "S" => "Transparency", "CS" => "DeviceRGB", "Type" => "Group" });
        page.remove(b"Annots");
        let mine: Vec<Object> = display
            .links
            .iter()
            .zip(&annotations)
            .filter(|(l, _)| l.page == i)
            .map(|(_, id)| Object::Reference(*id))
            .collect();
        if !mine.is_empty() {
            page.set("Annots", mine);
        }
    }
    let meta = d.add_object(
        Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(o).into_bytes())
            .with_compression(false),
    );
    let icc = d.add_object(Stream::new(dictionary! { "N" => 3i64 }, ICC.to_vec()));
    let intent = d.add_object(dictionary! {
        "Type" => "OutputIntent", "S" => "GTS_PDFA1", "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB"), "DestOutputProfile" => icc,
    });
    let source = attach(&mut d, o, &date);
    let outlines = outline(&mut d, &display.bookmarks, &pages);
    let labels =
        dictionary! { "Nums" => vec![Object::Integer(0), Object::Dictionary(dictionary! { "S" => "D" })] };
    let catalog = d.catalog_mut()?;
    catalog.set("Metadata", meta);
    catalog.set("OutputIntents", vec![Object::Reference(intent)]);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("StructTreeRoot", structure);
    catalog.set("Lang", Object::string_literal(if o.language.starts_with("en") { "en-GB" } else { "de-DE" }));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("PageLabels", labels);
    catalog.set("AF", vec![Object::Reference(source)]);
    let file = dictionary! { "Names" => vec![Object::string_literal("tom.md"), Object::Reference(source)] };
    catalog.set("Names", dictionary! { "EmbeddedFiles" => file });
    if let Some(outlines) = outlines {
        catalog.set("Outlines", outlines);
        catalog.set("PageMode", "UseOutlines");
    }
    let info = dictionary! {
        "Title" => text_string(&o.title), "Author" => text_string(&o.organisation), "Creator" => Object::string_literal("Tomfolio"),
        "Producer" => Object::string_literal("Tomfolio"), "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    };
    let info = d.add_object(info);
    d.trailer.set("Info", info);
    let digest = Sha256::digest(format!("{}\n{}\n{}", o.content_sha256, o.title, o.language));
    let id = Object::String(digest.iter().copied().take(16).collect(), StringFormat::Hexadecimal);
    d.trailer.set("ID", vec![id.clone(), id]);
    d.prune_objects();
    d.renumber_objects();
    compress(&mut d)?;
    let mut out = Vec::new();
    d.save_to(&mut out)?;
    Ok(out)
}

/// Deflates what is not yet. lopdf's own way takes the best level: several times the work for a few per cent.
fn compress(d: &mut Document) -> Result<(), PdfError> {
    for object in d.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if !stream.allows_compression || stream.dict.has(b"Filter") {
            continue;
        }
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&stream.content)?;
        let packed = packed.finish()?;
        if packed.len() + 19 < stream.content.len() {
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(packed);
        }
    }
    Ok(())
}

/// Link annotations, with what a screen reader says.
fn links(
    d: &mut Document,
    display: &Display,
    pages: &[ObjectId],
    first_key: usize,
) -> Result<Vec<ObjectId>, PdfError> {
    let mut out = Vec::new();
    for (i, link) in display.links.iter().enumerate() {
        let mut a = dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "F" => 4i64, "StructParent" => (first_key + i) as i64,
            "Rect" => link.rect.iter().map(|v| Object::Real(*v)).collect::<Vec<_>>(),
            "Border" => vec![Object::Integer(0), Object::Integer(0), Object::Integer(0)],
            "Contents" => text_string(&link.contents),
        };
        match &link.target {
            Target::Page(page, y) => a.set("Dest", destination(pages, *page, *y)),
            Target::Uri(uri) => {
                a.set("A", dictionary! { "S" => "URI", "URI" => Object::string_literal(uri.as_str()) })
            }
        }
        out.push(d.add_object(a));
    }
    Ok(out)
}

fn destination(pages: &[ObjectId], page: usize, y: f32) -> Vec<Object> {
    let page = pages.get(page).copied().unwrap_or((0, 0));
    vec![Object::Reference(page), "XYZ".into(), Object::Null, Object::Real(y + 6.0), Object::Null]
}

/// The structure tree with its parent tree.
fn structure(
    d: &mut Document,
    tree: &Tree,
    pages: &[ObjectId],
    counts: &[usize],
    annotations: &[ObjectId],
) -> ObjectId {
    let root = d.new_object_id();
    let ids: Vec<ObjectId> = tree.elems.iter().map(|_| d.new_object_id()).collect();
    let id = |e: usize| ids.get(e).copied().unwrap_or(root);
    let page = |p: usize| Object::Reference(pages.get(p).copied().unwrap_or((0, 0)));
    let mut parents: Vec<Vec<Object>> = counts.iter().map(|n| vec![Object::Null; *n]).collect();
    let mut link_owner = vec![Object::Null; annotations.len()];
    for (at, e) in tree.elems.iter().enumerate() {
        let mut kids: Vec<Object> = Vec::new();
        for kid in &e.kids {
            kids.push(match kid {
                Kid::Elem(child) => Object::Reference(id(*child)),
                Kid::Content(p, mcid) => {
                    if let Some(slot) = parents.get_mut(*p).and_then(|l| l.get_mut(*mcid)) {
                        *slot = Object::Reference(id(at));
                    }
                    Object::Dictionary(
                        dictionary! { "Type" => "MCR", "Pg" => page(*p), "MCID" => *mcid as i64 },
                    )
                }
                Kid::Link(i) => {
                    if let Some(slot) = link_owner.get_mut(*i) {
                        *slot = Object::Reference(id(at));
                    }
                    let annotation = annotations.get(*i).copied().unwrap_or(root);
                    Object::Dictionary(dictionary! { "Type" => "OBJR", "Obj" => annotation })
                }
            });
        }
        let mut dict =
            dictionary! { "Type" => "StructElem", "S" => e.role.name(), "P" => e.parent.map_or(root, id) };
        if !kids.is_empty() {
            dict.set("K", kids);
        }
        if let Some(scope) = e.scope {
            dict.set("A", dictionary! { "O" => "Table", "Scope" => scope });
        }
        if e.role == super::display::Role::L {
            dict.set(
                "A",
                dictionary! { "O" => "List", "ListNumbering" => if e.numbered { "Decimal" } else { "None" } },
            );
        }
        d.set_object(id(at), dict);
    }
    let mut nums = Vec::new();
    for (key, list) in parents.into_iter().enumerate() {
        nums.push(Object::Integer(key as i64));
        nums.push(Object::Array(list));
    }
    for (i, owner) in link_owner.into_iter().enumerate() {
        nums.push(Object::Integer((counts.len() + i) as i64));
        nums.push(owner);
    }
    let next = (counts.len() + annotations.len()) as i64;
    let parent_tree = d.add_object(dictionary! { "Nums" => nums });
    d.set_object(root, dictionary! { "Type" => "StructTreeRoot", "K" => id(0), "ParentTree" => parent_tree, "ParentTreeNextKey" => next });
    root
}

/// Bookmarks in two levels; printpdf's own are flat and sorted by name.
fn outline(d: &mut Document, marks: &[Bookmark], pages: &[ObjectId]) -> Option<ObjectId> {
    if marks.is_empty() {
        return None;
    }
    let root = d.new_object_id();
    let ids: Vec<ObjectId> = marks.iter().map(|_| d.new_object_id()).collect();
    let mut parent_of = Vec::new();
    let mut section = None;
    for (i, m) in marks.iter().enumerate() {
        parent_of.push(if m.level == 1 { None } else { section });
        if m.level == 1 {
            section = Some(i);
        }
    }
    let children =
        |of: Option<usize>| -> Vec<usize> { (0..marks.len()).filter(|i| parent_of[*i] == of).collect() };
    for (i, m) in marks.iter().enumerate() {
        let siblings = children(parent_of[i]);
        let at = siblings.iter().position(|s| *s == i).unwrap_or(0);
        let mut dict = dictionary! { "Title" => text_string(&m.title), "Parent" => parent_of[i].map_or(root, |p| ids[p]), "Dest" => destination(pages, m.page, m.y) };
        if let Some(prev) = at.checked_sub(1).and_then(|p| siblings.get(p)) {
            dict.set("Prev", ids[*prev]);
        }
        if let Some(next) = siblings.get(at + 1) {
            dict.set("Next", ids[*next]);
        }
        let mine = children(Some(i));
        if let (Some(first), Some(last)) = (mine.first(), mine.last()) {
            dict.set("First", ids[*first]);
            dict.set("Last", ids[*last]);
            dict.set("Count", mine.len() as i64);
        }
        d.set_object(ids[i], dict);
    }
    let top = children(None);
    if let (Some(first), Some(last)) = (top.first(), top.last()) {
        let dict = dictionary! { "Type" => "Outlines", "First" => ids[*first], "Last" => ids[*last], "Count" => marks.len() as i64 };
        d.set_object(root, dict);
    }
    Some(root)
}

/// The document's Markdown, or a report's record, as an embedded file: whoever has the PDF has what it was made of.
fn attach(d: &mut Document, o: &Outline, date: &str) -> ObjectId {
    let params: Dictionary =
        dictionary! { "ModDate" => Object::string_literal(date), "Size" => o.source.len() as i64 };
    let (name, kind, what) = match o.report {
        Some(_) => ("protokoll.json", "application/json", words::record(Lang::of(&o.language))),
        None => ("tom.md", "text/markdown", words::source(Lang::of(&o.language))),
    };
    let dict = dictionary! { "Type" => "EmbeddedFile", "Subtype" => kind, "Params" => params };
    let file = d.add_object(Stream::new(dict, o.source.clone().into_bytes()));
    d.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal(name), "UF" => text_string(name),
        "Desc" => text_string(what), "AFRelationship" => "Source",
        "EF" => dictionary! { "F" => file, "UF" => file },
    })
}

/// `2026-11-22` or `22.11.2026` as `D:20261122000000Z`: the record's date, never the clock.
fn pdf_date(as_of: &str) -> String {
    format!("D:{}000000Z", iso(as_of).replace('-', ""))
}

fn iso(as_of: &str) -> String {
    match as_of.split('.').collect::<Vec<_>>().as_slice() {
        [d, m, y] => format!("{y}-{m}-{d}"),
        _ => as_of.to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xmp(o: &Outline) -> String {
    let date = format!("{}T00:00:00Z", iso(&o.as_of));
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreatorTool>Tomfolio</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>Tomfolio</pdf:Producer>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}',
        title = escape(&o.title),
        author = escape(&o.organisation),
    )
}
