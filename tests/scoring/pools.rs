//! Words that the made-up values are put together from. Common ones are in the word lists of the scorer too.

pub const ENGLISH: &str = "river mountain coffee window garden summer winter yellow purple silver orange kitchen \
    table bridge forest dragon planet rocket morning evening thunder dolphin pepper ginger turtle falcon ladder \
    blanket candle mirror pocket ticket market doctor teacher brother sister mother father friend happy little \
    great never always maybe running jumping eating sleeping under over through between behind beyond quickly \
    slowly because around castle island harbor valley meadow cloud storm lightning breakfast dinner cookie";

pub const PLACEHOLDERS: &str = "change-this-X-key please-change-this-X-in-production your-X-goes-here insert-your-X-here \
    replace-with-a-real-X-before-deploying REPLACE_ME_WITH_YOUR_X enter_a_long_random_X_here \
    some-very-long-and-secure-X-string my-super-secret-X-for-development this-is-not-a-real-X-change-it \
    generate-a-new-X-and-paste-it-here put-your-X-value-here-please X-placeholder-do-not-use-in-production \
    TODO_set_a_secure_X_value dummy-X-value-for-local-testing-only example-X-for-documentation-purposes \
    default-X-must-be-overridden-in-env a-secure-X-of-at-least-32-characters set-me-to-a-random-X-string";

pub const KINDS_OF_SECRET: &str = "jwt session api database webhook encryption signing cookie access refresh redis \
    postgres admin service client stripe payment auth oauth token private master";

pub const ORGANISATIONS: &str = "Acme Globex Initech Umbrella Hooli Contoso Northwind Fabrikam Vandelay Stark Wayne \
    Wonka Tyrell Cyberdyne Soylent Massive Oscorp Aperture BlueSky GreenLeaf RedRock BrightPath CloudNine DataWorks";

pub const ENVIRONMENTS: &str = "Production Staging Development Prod Dev Test Live QA Sandbox Local";

pub const FIRST_NAMES: &str = "james mary robert patricia john jennifer michael linda david elizabeth william \
    barbara richard susan joseph jessica thomas sarah charles karen priya rahul ahmed fatima wei yuki carlos sofia";

pub const PASSWORDS: &str = "password 123456 qwerty letmein dragon monkey football iloveyou admin welcome login \
    princess sunshine master shadow superman batman trustno1 secret changeme test guest root toor pass hunter2 \
    abc123 passw0rd starwars whatever freedom computer internet ginger summer pepper cookie silver orange";

pub const SENTENCES: [&str; 24] = [
    "the quick brown fox jumps over the lazy dog",
    "never gonna give you up never gonna let you down",
    "may the force be with you always my young friend",
    "to be or not to be that is the question",
    "all your base are belong to us for great justice",
    "one does not simply walk into mordor without boots",
    "i have a bad feeling about this production server",
    "nobody will ever guess this really long sentence",
    "my dog ate the homework and then slept all day",
    "we should really rotate this before going live",
    "roses are red violets are blue this key is for you",
    "in the beginning there was nothing which exploded",
    "a journey of a thousand miles begins with one step",
    "it was the best of times it was the worst of times",
    "you shall not pass said the wizard on the bridge",
    "houston we have a problem with the login server",
    "here comes the sun and i say it is all right",
    "winter is coming so bring a warm coat and gloves",
    "hello world this is my first application secret",
    "four score and seven years ago our fathers came",
    "keep calm and carry on with the next deployment",
    "the answer to life the universe and everything",
    "do not share this with anyone outside the team",
    "please remember to update this before the release",
];

/// Words of other languages as they are typed, without accents.
pub const LANGUAGES: [(&str, &str); 18] = [
    (
        "german",
        "mein hund frisst gerne kuchen unsere katze schlaeft heute nicht weil es draussen regnet \
        geheimnis schluessel passwort fuer immer zwischen morgen abend sonntag fruehling strasse haus baum \
        schmetterling wunderbar vielleicht trotzdem arbeiten lernen niemals immer grossmutter bruder schwester",
    ),
    (
        "french",
        "mon chat mange toujours du poisson le soir quand il pleut dehors motdepasse secret pour \
        jamais notre maison est grande bonjour tout monde voiture rouge pomme fromage baguette aujourdhui \
        hier demain peut-etre toujours soleil lune etoile famille frere soeur grand-mere ecole travail",
    ),
    (
        "spanish",
        "mi perro come mucho pan por la noche cuando llueve afuera contrasena secreta para siempre \
        nuestra casa es muy grande hola mundo manzana roja queso ventana manana ayer hoy quizas nunca \
        estrella luna sol familia hermano hermana abuela escuela trabajo corazon amarillo verde azul",
    ),
    (
        "portuguese",
        "meu cachorro come muito pao quando chove la fora senha secreta para sempre nossa casa \
        muito grande ola mundo janela vermelho amarelo queijo amanha ontem hoje talvez nunca estrela lua \
        sol familia irmao irma avo escola trabalho coracao saudade obrigado bom dia feliz aniversario",
    ),
    (
        "italian",
        "il mio cane mangia sempre pane quando piove fuori parola segreta per sempre la nostra casa \
        molto grande ciao mondo mela rossa formaggio finestra domani ieri oggi forse mai stella luna sole \
        famiglia fratello sorella nonna scuola lavoro cuore giallo verde azzurro buongiorno amore",
    ),
    (
        "dutch",
        "mijn hond eet altijd brood wanneer het buiten regent geheim wachtwoord voor altijd ons huis \
        is heel groot hallo wereld rode appel kaas raam morgen gisteren vandaag misschien nooit ster maan \
        zon familie broer zus grootmoeder school werk hart geel groen blauw goedemorgen fiets gezellig",
    ),
    (
        "polish",
        "moj pies zawsze je chleb kiedy pada deszcz tajne haslo na zawsze nasz dom jest bardzo duzy \
        witaj swiecie czerwone jablko ser okno jutro wczoraj dzisiaj moze nigdy gwiazda ksiezyc slonce \
        rodzina brat siostra babcia szkola praca serce zolty zielony niebieski dziekuje prosze dobrze",
    ),
    (
        "indonesian",
        "anjing saya selalu makan roti ketika hujan turun kata sandi rahasia untuk selamanya \
        rumah kami sangat besar halo dunia apel merah keju jendela besok kemarin hari ini mungkin tidak \
        pernah bintang bulan matahari keluarga kakak adik nenek sekolah kerja hati kuning hijau biru terima kasih",
    ),
    (
        "turkish",
        "kopegim her zaman ekmek yer yagmur yagarken gizli parola sonsuza kadar evimiz cok buyuk \
        merhaba dunya kirmizi elma peynir pencere yarin dun bugun belki asla yildiz ay gunes aile kardes \
        abla anneanne okul calisma kalp sari yesil mavi tesekkur ederim gunaydin guzel istanbul",
    ),
    (
        "hindi",
        "mera kutta hamesha roti khata hai jab baarish hoti gupt shabd hamare liye humara ghar bahut \
        bada namaste duniya laal seb khidki kal aaj shayad kabhi nahi tara chand suraj parivar bhai behen \
        dadi vidyalaya kaam dil peela hara neela dhanyavaad accha pyaar zindagi bharat",
    ),
    (
        "russian",
        "moya sobaka vsegda est hleb kogda idet dozhd sekretnyy parol navsegda nash dom ochen bolshoy \
        privet mir krasnoe yabloko syr okno zavtra vchera segodnya mozhet byt nikogda zvezda luna solntse \
        semya brat sestra babushka shkola rabota serdtse zheltyy zelenyy siniy spasibo dobroe utro",
    ),
    (
        "swedish",
        "min hund ater alltid brod nar det regnar ute hemligt losenord for alltid vart hus ar mycket \
        stort hej varlden rott apple ost fonster imorgon igar idag kanske aldrig stjarna mane sol familj \
        bror syster mormor skola arbete hjarta gul gron bla tack god morgon fika lagom",
    ),
    (
        "finnish",
        "minun koirani syo aina leipaa kun ulkona sataa salainen avain ikuisesti meidan talo on \
        hyvin suuri hei maailma punainen omena juusto ikkuna huomenna eilen tanaan ehka koskaan tahti kuu \
        aurinko perhe veli sisko isoaiti koulu tyo sydan keltainen vihrea sininen kiitos hyvaa huomenta",
    ),
    (
        "tagalog",
        "ang aking aso ay laging kumakain ng tinapay kapag umuulan sa labas lihim na salita para \
        magpakailanman bahay namin malaki kumusta mundo pulang mansanas bintana bukas kahapon ngayon siguro \
        hindi bituin buwan araw pamilya kapatid lola paaralan trabaho puso dilaw berde asul salamat",
    ),
    (
        "japanese",
        "watashi no inu wa itsumo pan wo tabemasu ame ga furu toki himitsu kotoba eien ni uchi \
        totemo ookii konnichiwa sekai akai ringo mado ashita kinou kyou tabun hoshi tsuki taiyou kazoku ani \
        imouto obaasan gakkou shigoto kokoro kiiro midori aoi arigatou ohayou sakura nihon",
    ),
    (
        "pinyin",
        "wo de gou zongshi chi mianbao xiayu de shihou mima yongyuan women jia hen da nihao shijie \
        hongse pingguo chuanghu mingtian zuotian jintian keneng congbu xingxing yueliang taiyang jiating \
        gege meimei nainai xuexiao gongzuo xin huangse lvse lanse xiexie zaoshang zhongguo beijing",
    ),
    (
        "vietnamese",
        "con cho cua toi luon an banh mi khi troi mua mat khau bi mat mai mai nha chung rat lon \
        xin chao the gioi tao do cua so ngay mai hom qua hom nay co le khong bao gio ngoi sao mat trang mat \
        troi gia dinh anh em ba ngoai truong hoc lam viec trai tim mau vang xanh cam on buoi sang",
    ),
    (
        "swahili",
        "mbwa wangu hula mkate kila wakati mvua inaponyesha neno la siri milele nyumba yetu ni kubwa \
        sana habari dunia tufaha jekundu dirisha kesho jana leo labda kamwe nyota mwezi jua familia kaka dada \
        bibi shule kazi moyo njano kijani buluu asante asubuhi njema safari rafiki karibu",
    ),
];
