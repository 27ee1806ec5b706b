//! Text rules as data: a word that must be there, a pattern, and what excuses it.

use super::rules::Rule;
use crate::pattern::{Regex, pattern};

/// How far an excuse reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Sentence,
    Measure,
}

/// One row, as it is written down. All words are folded (`crate::prose`).
pub(super) struct Row {
    pub rule: Rule,
    /// One of these must stand in the text, or the pattern is not tried: most texts are done with a look.
    pub needs: &'static [&'static str],
    pub hit: &'static str,
    /// Empty: nothing excuses it.
    pub unless: &'static str,
    pub reach: Reach,
}

/// A row, ready.
pub(super) struct Ready {
    pub rule: Rule,
    pub needs: &'static [&'static str],
    pub hit: Regex,
    pub unless: Option<Regex>,
    pub reach: Reach,
}

impl Row {
    pub(super) fn ready(&self) -> Ready {
        let unless = (!self.unless.is_empty()).then(|| pattern(self.unless));
        Ready { rule: self.rule, needs: self.needs, hit: pattern(self.hit), unless, reach: self.reach }
    }
}

const fn row(
    rule: Rule,
    needs: &'static [&'static str],
    hit: &'static str,
    unless: &'static str,
    reach: Reach,
) -> Row {
    Row { rule, needs, hit, unless, reach }
}

use Reach::{Measure, Sentence};
use Rule as R;

/// Each row once; a rule may have several.
#[rustfmt::skip]
pub(super) static ROWS: [Row; 46] = [
    row(R::S01, &["angemessen", "geeignet", "ausreichend", "hinreichend", "fachgerecht", "sachgerecht", "bestmoeglich", "hoechste", "hoechstwertig", "restriktiv wie", "appropriate", "adequate", "suitable", "sufficient", "best possible"],
        r"\b(angemessene[rnsm]?|angemessen|geeignet\w*|ausreichend\w*|hinreichend\w*|fachgerecht\w*|sachgerecht\w*|bestmoeglich\w*|hoechste[rnsm]?|hoechstwertig\w*|restriktiv wie moeglich|appropriate\w*|adequate\w*|suitable|sufficient\w*|best possible)\b",
        r"(\d+ ?(%|prozent|percent)|iso/iec \d|iso \d|din \d|din en|\b[hpeftod]-\d\b|tr-\d|angemessenen (zeit)?abstaenden|hoechsten? prioritaet|hoechste berechtigung|hoechste[rn]? stufe)", Sentence),
    row(R::S02, &["regelmaessig", "laufend", "angemessenen", "turnusmaessig", "periodisch", "regularly", "periodic", "regular intervals"],
        r"(\bregelmaessig\w*|\bturnusmaessig\w*|\bperiodisch\w*|\blaufende[rnsm]? (pruefung|kontroll|ueberwach)\w*|\blaufend (kontrolliert|geprueft|ueberprueft|gewartet)|in angemessenen (zeit)?abstaenden|\bregularly\b|\bperiodic(ally)?\b|regular intervals)",
        r"(taeglich|woechentlich|monatlich|quartal|viertelj|halbj|jaehrlich|einmal|zweimal|dreimal|viermal|\balle \w+ (tage|wochen|monate|jahre)|(mindestens|pro|im|je) (tag|woche|monat|quartal|jahr)|every \w+ (day|week|month|year)|once|twice|daily|weekly|monthly|quarterly|annually|yearly|verfahren zur regelmaessigen)", Sentence),
    row(R::S03, &["moeglich", "bedarfsfall", "ggf", "grundsaetzlich", "teils", "zwangslaeufig", "where possible", "if necessary", "as far as", "in principle"],
        r"(\bsoweit (es )?(technisch )?(wie )?moeglich|\bsoweit wie moeglich|\bnach moeglichkeit|\bim bedarfsfall|\bbei bedarf\b|\bggf\.|\bgegebenenfalls|\bgrundsaetzlich\b|\bteils\b|\bnicht zwangslaeufig|\bwhere(ver)? (technically )?possible|\bif necessary|\bas far as possible|\bin principle\b)",
        r"(ausgenommen|ausnahmen? (sind|ist|stehen|bild)|ausnahmeregister|mit ausnahme|except for|exceptions? (is|are))", Measure),
    row(R::S04, &["ausser frage", "zweifel", "prioritaet", "ernst", "selbstverstaendlich", "seriously", "top priority", "goes without"],
        r"(steht ausser frage|(ausser|ueber jeden) zweifel|(fuer uns|bei uns) (oberste|hoechste) prioritaet|hat fuer uns (oberste|hoechste)|(oberste|hoechste) prioritaet (fuer|bei) uns|sehr ernst\b|nehmen \w+ ?\w* ernst\b|selbstverstaendlich (ist|sind|wird|werden)|very seriously|our top priority|goes without saying)",
        "", Sentence),
    row(R::S05, &["jederzeit", "stets", "immer", "garantier", "100 %", "100%", "ausgeschlossen", "at all times", "always", "guarantee"],
        r"(\bjederzeit\w*|\bstets\b|\bimmer\b|\bgarantier(t|en|te)\w*|\b100 ?% (ausgeschlossen|sicher)|zu 100 ?%|\bat all times\b|\balways\b|\bguarantee[sd]?\b)",
        r"(\d+([.,]\d+)? ?%? ?(im jahres|p\. ?a\.)|mindestens \d+([.,]\d+)? ?%|\brto\b|\brpo\b|widerruf|widersprechen|\bimmer (wenn|dann|noch|nur|im|am|bei|vor|nach|wieder)\b|hoechstens \w+ (minuten|stunden)|verfuegbarkeit von mindestens)", Sentence),
    row(R::S06, &["gewaehrleistet", "sichergestellt", "ensured", "guaranteed"],
        r"((\b(wird|werden|ist|sind)\b[^.]*)\b(gewaehrleistet|sichergestellt)\b|\b(is|are) (ensured|guaranteed)\b)",
        r"(\bdurch\b|\bindem\b|\bmittels\b|\bmit hilfe\b|\banhand\b|\bueber (ein|eine|den|die|das)\b|\bensured (by|through|with|via)\b|versiegelt|beweismittel)", Sentence),
    row(R::S07, &["mehrere", "ca.", "circa", "mehrfach", "einige", "zahlreich", "several", "a few", "approximately"],
        r"(\b(mehrere|einige) (minuten|stunden|tage|wochen|monate|jahre|sicherheitsstufen|stufen|generationen|kopien)\b|\bca\. |\bcirca\b|\bmehrfach (redundant|vorhanden|gesichert|abgesichert)|\bzahlreiche (sicherungen|kopien)|\b(several|a few) (minutes|hours|days|weeks|months|years|copies|levels)\b|\bapproximately\b)",
        "", Sentence),
    row(R::S08, &["schutzniveau", "zusaetzlicher informationen", "ohne eingreifen", "speicherfrist", "auf dauer", "verarbeitungszweck", "implementierungskosten", "ongoing confidentiality", "state of the art"],
        r"(massnahmen wie pseudonymisierung und verschluesselung|dem risiko angemessenes? schutzniveau|ohne hinzuziehung zusaetzlicher informationen|ohne eingreifen der person einer unbestimmten zahl|zweck, umfang, speicherfrist und zugaenglichkeit|belastbarkeit der systeme und dienste[^.]*auf dauer|verarbeitung fuer den jeweiligen (bestimmten )?verarbeitungszweck erforderlich|stands? der technik, der implementierungskosten|ongoing confidentiality, integrity|state of the art, the costs? of implementation)",
        "", Sentence),
    row(R::S09, &["momentan", "derzeit", "aktuell", "zur zeit", "zurzeit", "currently", "at present"],
        r"(\bmomentan\w*|\bderzeit\w*|\baktuell (\d|existier|besteh|sind|ist|betr|haben|hat)\w*|\bzur ?zeit\b|\bcurrently\b|\bat present\b)",
        r"(stand:? \d|\(stand|\bstand (januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember)|am \d+\.|as of )", Sentence),
    row(R::S10, &["empfehlen", "raten ", "sollten", "recommend", "advise"],
        r"(\bwir (empfehlen|raten)\b|\b(kunden|auftraggeber|nutzer|anwender|verantwortliche) sollten\b|\bwe (recommend|advise)\b|\b(customers|users) should\b)",
        "", Sentence),
    row(R::S11, &["hoechste", "hochsicherheit", "gesicherte zugaenge", "mehrere sicherheitsstufen", "modernste", "erstklassig", "bankniveau", "rundum", "world-class", "bank-grade", "state-of-the-art", "cutting"],
        r"(hoechste[rn]? (verfuegbarkeit|sicherheit|qualitaet)|hochsicherheits\w+|gesicherte zugaenge|mehrere sicherheitsstufen|modernste[rnsm]?\b|erstklassig\w*|bankniveau|rundum sicher\w*|world-class|bank-grade|cutting[- ]edge|state-of-the-art)",
        "", Sentence),
    row(R::L01, &["auftragsdatenverarbeit", "adv"],
        r"(auftragsdatenverarbeit\w*|\badv\b(-\w+)?)",
        "", Sentence),
    row(R::L03, &["datengeheimnis"],
        r"\w*datengeheimnis\w*",
        r"(\bjustiz|ji-richtlinie|par 53 bdsg)", Sentence),
    row(R::L05, &["verarbeitet oder genutzt", "dv-system", "dv-anlage", "edv-anlage", "verantwortliche stelle", "verantwortlichen stelle", "erhoben, verarbeitet"],
        r"(verarbeitet oder genutzt|\be?dv-system\w*|\be?dv-anlage\w*|verantwortlichen? stelle\b|erhebung, verarbeitung (und|oder) nutzung)",
        "", Sentence),
    row(R::L06, &["sozialdaten", "sozialgeheimnis", "gesundheitsdaten", "patientendaten", "patientenakte", "health data", "patient data", "social data"],
        r"(\bsozialdaten\w*|\bsozialgeheimnis\w*|\bgesundheitsdaten\w*|\bpatientendaten\w*|\bpatientenakten?\b|\bhealth data\b|\bpatient data\b|\bsocial data\b)",
        r"(\b80 (abs\. \d )?sgb x|\b393 sgb v|\b203 (abs\. \d )?stgb|\bc5\b|(keine?|weder|nicht) [^.]*(sozialdaten|gesundheitsdaten|patientendaten)|no health data)", Measure),
    row(R::L07, &["kontrollbehoerde", "behoerde", "zugriff dritter", "ermittlung", "authorities", "authority"],
        r"(\bkontrollbehoerde\w*|\b\w*behoerden?\b|\b(der|ein|den) zugriff dritter\b|\bzugriff von dritten\b|\bauthorit(y|ies)\b)",
        r"(\bart\. ?\d|\bpar \d|gegen (den )?(un\w+ )?zugriff|\bgegen\b|beschluss|gerichtlich|court order|against)", Sentence),
    row(R::L08, &["iso"],
        r"\biso ?(/iec ?)?(27001|9001|27017|27018|22301|20000)\b",
        r"(nr\. ?\w|nummer|zertifikats-nr|gueltig bis|certificate no|valid until)", Sentence),
    row(R::L09, &["vorschriften", "bestimmungen", "aufbewahrungsfrist", "aufbewahrungspflicht", "archivierungspflicht", "brandschutzverordnung", "statutory", "legal requirements"],
        r"(\bbrandschutzverordnung\w*|gesetzlichen? (archivierung|aufbewahrung)s\w+|gesetzlichen? (vorschriften|bestimmungen|vorgaben|anforderungen)|(geltenden|einschlaegigen) (vorschriften|bestimmungen)|steuerrechtlichen? [^.]*pflichten|statutory \w+ periods?|(applicable|legal) (requirements|regulations))",
        r"(\bpar \d|\bart\. ?\d|\bdin (vde|en|iso)? ?\d)", Sentence),
    row(R::T03, &["passw", "kennw"],
        r"((passw\w+|kennw\w+)[^.]*\b((alle|every) \w+ (tage|wochen|monate|jahre|days|weeks|months)[^.]*(geaendert|gewechselt|zu aendern|zu wechseln|erneuert|changed)|(nach|after) \w+ (tagen|wochen|monaten|jahren|days|months) (ab|aus|geaendert|expire)|in (angemessenen|regelmaessigen) abstaenden[^.]*(aendern|wechseln)|laeuft nach|(regelmaessig|turnusmaessig)[^.]*(aendern|wechseln|geaendert|gewechselt)|must be changed every))",
        r"(kein|keinen|nicht (regelmaessig|turnusmaessig|alle)|bekannt gewordener|no longer)", Sentence),
    row(R::T04, &["ssl"],
        r"(\bssl\b|\bssl-\w+)",
        r"(openssl|abgeschaltet|deaktiviert|nicht (mehr )?(angeboten|zugelassen|verwendet)|tls ?1\.[23]|disabled|switched off)", Sentence),
    row(R::T04, &["tls"], r"\btls\b", r"(tls ?(v|version )?1\.[0-3]|tls-1|\bssl\b)", Measure),
    row(R::T05, &["unverschluesselt", "nicht verschluesselt", "verschluesselung", "unencrypted", "not encrypted"],
        r"((gespeichert|liegen|liegt|abgelegt|gesichert|werden|wird|sind|ist)[^.]*\bunverschluesselt\b|\bunverschluesselt\b[^.]*(gespeichert|abgelegt|vorgehalten|gesichert)|\b(sind|ist|werden|wird) (nicht|noch nicht|nicht zwangslaeufig) verschluesselt|verschluesselung [^.]*(findet nicht statt|erfolgt nicht|nicht vorhanden)|(stored|kept|are|is) (unencrypted|not encrypted))",
        r"(abgewiesen|weist|gesperrt|untersagt|verboten|meldet|nicht zulaess|abgebrochen|mailverkehr|e-mails?\b|keine personenbezogenen|wenn [^.]* nicht verschluesselt|rejected|prohibited|blocked)", Sentence),
    row(R::T06, &["verschluessel", "encrypt"],
        r"(\bverschluessel(t|te|ten|ter|tes|tem|ung)\b|\b\w+verschluesselung\b|\b(is|are|be) encrypted\b|\bencryption\b)",
        r"(\baes\b|aes-?\d|tls ?1\.[23]|ip-?sec|\brsa|ecdh|chacha|schluessellaenge|bitlocker|luks|filevault|\bssl\b|s/mime|pgp|xts|(nicht|noch nicht|zwangslaeufig|keine) verschluessel|wenn [^.]*verschluessel|verschluesselung [^.]*(findet nicht|erfolgt nicht|nicht immer)|massnahmen wie pseudonymisierung)", Measure),
    row(R::T08, &["vernicht", "entsorg", "sicher geloescht", "zerstoert", "geschreddert", "destroy", "shred", "securely deleted"],
        r"(\bvernichtet\b|\bvernichtung\b|\w+vernichtung\b|\bsicher (geloescht|entsorgt|vernichtet)|\bfachgerecht [^.]*(entsorgt|vernichtet)|\bsecurely (destroyed|deleted|disposed)|\bare (destroyed|shredded)|vernichtet (die|den|das|alle)|\bentsorgt und zerstoert)",
        r"(din 66399|21964|\b[hpefto]-\d\b|vernichten kann|(gegen|vor) [^.]*vernichtung|zerstoerung oder verlust)", Measure),
    row(R::T09, &["datensicherung", "backup", "gesichert", "sicherung der systeme", "sicherung eigener", "ruecksicherung"],
        r"(\bdatensicherung(en)?\b|\bbackups?\b|\bruecksicherung\b|\b(server|zweite\w*|datentraegern?|band|baender)\b[^.]* gesichert\b|\bsicherung (der systeme|eigener daten))",
        r"(\brpo\b|\brto\b|wiederherstellungstest|ruecksicherungstest|getestet|geprobt|probt|(wiederherstellung|ruecksicherung)[^.]*(test|prob|geprueft|uebung)|backup-leitung|backup line|restore test|tested)", Measure),
    row(R::T10, &["passw", "kennw", "password"],
        r"((administrat\w+|verwaltungskonsole|patienten\w*|gesundheitsdaten|sozialdaten|zugang|zugriff|anmeld\w+|log in|login)[^.]*(benutzername\w* (und|sowie) (ein |einem )?(passw|kennw)\w+|(einen )?benutzernamen und ein passwort|user ?name and (a )?password|mit (einem )?(passw|kennw)\w+ geschuetzt))",
        r"(zweite\w* faktor|zwei-faktor|mehr-faktor|\bmfa\b|\b2fa\b|totp|fido|einmalcode|chipkarte|sicherheitsschluessel|second factor|two-factor)", Measure),
    row(R::T11, &["anmeldeversuch", "fehlgeschlagene anmeld", "fehlversuch", "login attempt", "failed log"],
        r"((anmeldeversuch\w*|fehlgeschlagene\w* anmeld\w*|fehlversuche?\w*)[^.]*(protokolliert|aufgezeichnet|gezaehlt|erfasst|aufzeichn\w*)|zeichnet [^.]*anmeldeversuch[^.]* auf|begrenzung[^.]*(anmeldeversuche|fehlversuche)|failed log-?in[^.]*logged)",
        r"(gesperrt|sperrt\b|sperre\b|sperrung|nach \w+ fehl|lock)", Measure),
    row(R::T12, &["uuid", "aes"],
        r"(uuid\w* (mit|aus|von|of|with) (1[0-9]|[2-9]|[a-z]+) (zeichen|characters)|\d+-stellige[rn]? uuid|aes[^.]{0,40}\b(512|1024|2048)[ -]?bit)",
        r"(36 zeichen|36 characters)", Sentence),
    row(R::T13, &["mail"],
        r"(mail\w*[^.]*(nicht (zwangslaeufig|immer|in jedem fall)|unverschluesselt|nur dann verschluesselt|sent unencrypted)|(unverschluesselt|verschluesselung)[^.]*\bmails?\b|versand von e-mails[^.]*nicht immer)",
        r"(gesperrt|abgebrochen|untersagt|s/mime|tls 1\.[23] oder|blocked|rejected|empfehlen)", Sentence),
    row(R::T14, &["biometri", "fingerabdruck", "gesichtserkennung", "handvenen", "irisscan", "fingerprint", "facial recognition"],
        r"(\bbiometri\w*|\bfingerabdr\w+|\bgesichtserkennung|\bhandvenen\w*|\biris-?scan\w*|\bfingerprint (scan|read)\w*|\bfacial recognition)",
        r"(\bnicht verarbeitet|keine biometri|sha-?\d|zertifikat|certificate)", Sentence),
    row(R::P03, &["konzept", "richtlinie", "handbuch", "aktionsplan", "verhaltensregeln", "datensicherheitsbeschreibung", "notfallanweisung", "verpflichtungserklaer", "vertraulichkeitserklaer", "policy", "concept", "manual"],
        r"(\b\w*(berechtigungs|archivierungs|notfall|datensicherheits|wiederanlauf|loesch|sicherungs|betriebs|krypto|backup-)konzept\w*|\bnotfallhandbuch\w*|\b\w*aktionsplan\w*|\b\w*richtlinien?\b|\bverhaltensregeln\b|\bdatensicherheitsbeschreibung\b|\bnotfallanweisung\w*|\bverpflichtungserklaerung\w*|\bauthorisation concept|\bemergency manual|\b(security|access) policy)",
        r"(nachweis n-|\bfassung \d|\bversion \d|\bstand:? \d|vom \d+\.|richtlinie \(eu\)|ji-richtlinie|gruppenrichtlinie)", Sentence),
    row(R::P04, &["administrator", "entwickler", "administration", "kundenverwaltung", "benutzerverwaltung"],
        r"(\b(der|ein|einem|dem|the) (administrator|entwickler|developer)\b|\b[ab]\) (administrator|entwickler)\b|\bzentrale (kundenverwaltung|administration|benutzerverwaltung)\b|\btaetigkeiten insb\. der entwickler|\badministratoren? versorg)",
        r"(verantwortlich:|verantwortet von|responsible:|\(leitung)", Sentence),
    row(R::D02, &["seperat", "pc's", "usv's", "server's", "cd's", "dvd's", "it- ", "edv- ", " und "],
        r"(\bseperat\w*|\b(pc|usv|cd|dvd|lkw|pkw|app|server)'s\b|\b(it|edv|ip|tk)- [a-z]|\b[a-z]+ und (koennen|duerfen|muessen|sollen) nur\b)",
        r"\b(koennen|duerfen|muessen|sollen|werden|sind) und (koennen|duerfen|muessen|sollen)", Sentence),
    row(R::D02, &["werden werden", "der der", "die die", "das das", "und und", "sind sind", "ist ist", "in in ", "von von", "wird wird", "the the", "nicht nicht"],
        r"\b(werden werden|wird wird|und und|sind sind|ist ist|von von|nicht nicht|the the|in in|mit mit|fuer fuer)\b",
        "", Sentence),
    row(R::D02, &["verschlussene", "wassereintrich", "vollast", "handflaechen-scanner", "protokoll daten", "auftragspezifisch", "servicebeeintraechtigende", "verweigerter anmeldeversuche", "pysisch", "standart", "authentifikation", "autorisier", "rechtssicher", "wiederherrstell", "zugrif ", "endgerete", "personenbezogenene", "datenschtuz", "masnahme"],
        r"(\bverschlussene\w*|\bwassereintrich\b|\bvollast\b|\bhandflaechen-scanner\b|\bprotokoll daten\b|\bauftragspezifisch\w*|\bservicebeeintraechtigende\b|und verweigerter anmeldeversuche|\bpysisch\w*|\bstandart\w*|\bwiederherrstell\w*|\bzugrif\b|\bpersonenbezogenene\w*|\bmasnahmen?\b)",
        "", Sentence),
    row(R::D03, &["dieses vertrag", "dieser vereinbarung", "vorliegenden vertrag", "vorliegenden vereinbarung", "this agreement", "this contract"],
        r"(\bdieses vertrag(e)?s\b|\bdieser vereinbarung\b|\bvorliegenden? (vertrag|vereinbarung)\w*|\bthis (agreement|contract)\b)",
        r"(avv nr|vertrag nr|nr\. ?\d|vom \d+\.|dated \d)", Sentence),
    row(R::C07, &["sozialdaten", "gesundheitsdaten", "health data"],
        r"((sozialdaten|gesundheitsdaten)[^.]*personenbezogenen? daten|personenbezogenen? daten[^.]*(sozialdaten|gesundheitsdaten)|health data[^.]*personal data)",
        r"(uebrigen|sonstige[nr]?|ander(e|en) personenbezogen|einschliesslich|ohne personenbezug|other personal|kunden- oder sozialdaten|(tag|monat|jahr|day|frist)(?:e|en)?[^.]*nicht)", Sentence),
    row(R::P01, &["dienstleister", "hochsicherheitsrechenzentrum", "rechenzentrumsbetreiber", "rz-betreiber", "lieferanten", "beauftragung von dritten", "externe", "spezialisiert", "service provider", "subcontractor", "wartungsfirma"],
        r"(\b\w*dienstleister[ns]?\b|\bhochsicherheitsrechenzentrum\b|\brechenzentrumsbetreiber\w*|\brz-betreiber\w*|\blieferanten\b|\bbeauftragung von dritten\b|\bexterne[nr]? (firma|firmen|unternehmen|anbieter)\b|\b(spezialisiertes|externes) unternehmen\b|\bservice providers?\b|\bsubcontractors?\b)",
        r"(gmbh\b|\bag\b|\bkg\b|\binc\.|\bltd\b|\be\. ?v\.|(werden|wird|sind) (nicht|keine) eingesetzt|keine (externen )?dienstleister|anlage \d|annex \w|erhalten keinen)", Sentence),
    row(R::T07, &["kamera", "video", "cctv", "camera"],
        r"((kamera|video|cctv|camera)\w*[^.]*(mehrere (tage|wochen|monate)|several (days|weeks|months)))",
        "", Sentence),
    row(R::S05, &["ausgeschlossen"],
        r"\b(datenverlust|verlust|missbrauch|ausfall) ist [^.]*ausgeschlossen",
        "", Sentence),
    row(R::S09, &["bis auf weiteres", "voruebergehend"],
        r"\b(bis auf weiteres|voruebergehend)\b",
        r"(bis zum \d|bis \d)", Sentence),
    row(R::L01, &["commissioned data processing"], r"\bcommissioned data processing\b", "", Sentence),
    row(R::S11, &["hundertprozentig", "absolut sicher"],
        r"\b(hundertprozentig\w* sicher\w*|absolut sicher\w*)\b",
        "", Sentence),
    row(R::S10, &["liegt in der verantwortung des kunden"],
        r"liegt in der verantwortung des kunden",
        "", Sentence),
    row(R::T10, &["ein-faktor", "nur ein passwort", "nur mit passwort"],
        r"(\bein-faktor-\w+|\bnur (ein|mit) passwort)",
        "", Sentence),
    row(R::D03, &["anlage zu diesem vertrag", "hauptvertrag"],
        r"\b(diesem vertrag|hauptvertrag)\b",
        r"(avv nr|nr\. ?\d|vom \d+\.)", Sentence),
];
