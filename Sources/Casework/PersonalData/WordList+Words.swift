extension WordList {
    static let words: [(WordMeaning, String)] = [
        (
            .nameCue,
            """
            heter hette namn namnet förnamn förnamnet efternamn efternamnet kallas kallad kallades smeknamn döptes döpt
            named called name surname nickname
            """
        ),
        (
            [.relation, .person],
            """
            son sonen dotter dottern mamma mamman pappa pappan mor modern far fadern bror brodern brorsan syster systern
            syrran syskon barnet pojke pojken flicka flickan kille killen tjej tjejen man mannen kvinna kvinnan fru frun
            make maken maka hustru hustrun sambo sambon pojkvän pojkvännen flickvän flickvännen kompis kompisen kompisar
            vän vännen väninna väninnan kusin kusinen morbror morbrodern farbror farbrodern moster mostern faster fastern
            mormor mormodern morfar farmor farmodern farfar styvpappa styvpappan styvmamma bonuspappa bonusmamma
            lärare läraren mentor mentorn rektor rektorn kurator kuratorn imam imamen pastor pastorn präst prästen
            granne grannen elev eleven klasskamrat klasskamraten ledaren ledare tränare tränaren handläggare
            handläggaren socialsekreterare socialsekreteraren uppringaren uppringare tonåringen ungdomen brorson
            brorsonen systerson systersonen svärmor svärfar svåger svågern exmake exmaken
            daughter mother father brother sister mum mom dad boy girl boyfriend girlfriend husband wife friend
            cousin uncle aunt nephew niece teacher caller student neighbour grandmother grandfather colleague
            """
        ),
        (.person, "hon han hen jag she he they hans hennes hens min mitt sin vår his her my någon föräldern chefen"),
        (
            .personVerb,
            """
            pratade prata pratat pratar talade tala talat talar samtalade samtal orolig oroar oroad oro rädd träffade
            träffa träffat träffar umgås umgicks hälsade hälsa hälsning frågade bor bodde ringde ringer ringt spoke talked
            worried met speak talk afraid
            """
        ),
        (.preposition, "med för från hos om till av att with for about to of from and och"),
        (
            .noName,
            """
            januari februari mars april maj juni juli augusti september oktober november december january february march
            may june july october måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen
            fredagen lördagen söndagen monday tuesday wednesday thursday friday saturday sunday jul påsk pingst midsommar
            ramadan eid advent lucia
            sverige norge danmark finland island tyskland frankrike england storbritannien usa ryssland ukraina syrien
            irak iran afghanistan somalia eritrea etiopien turkiet libanon palestina israel gaza egypten marocko bosnien
            kosovo serbien kroatien polen spanien italien grekland kina indien europa afrika asien norden mellanöstern
            sweden norway denmark germany france britain london russia syria iraq turkey lebanon europe africa
            stockholm göteborg malmö uppsala linköping västerås örebro helsingborg norrköping jönköping umeå lund borås
            sundsvall gävle eskilstuna södertälje karlstad halmstad växjö karlskrona kristianstad luleå trollhättan
            östersund kalmar falun skövde uddevalla varberg borlänge nyköping motala trelleborg landskrona ängelholm
            lidköping kiruna gotland visby skåne småland öland dalarna norrland värmland blekinge halland norrbotten
            västerbotten jämtland västmanland södermanland östergötland götaland svealand bohuslän rinkeby tensta husby
            rosengård hammarkullen angered bergsjön biskopsgården hisingen botkyrka huddinge haninge nacka solna
            sundbyberg järfälla sollentuna täby lidingö tyresö kista alby fittja hallunda vivalla gottsunda råslätt
            västra östra södra norra inre yttre nya gamla stora lilla mellersta
            och men att som det den de vi ni du han hon hen man jag en ett i på av till från för med om när var hur vad vem
            varför där här nu då så inte ingen inga inget alla många några någon något denna detta dessa min mitt mina
            din ditt dina sin sitt sina vår vårt våra hans hennes deras efter före under över mellan utan enligt genom
            samt både eller antingen varken ja nej tack hej okej obs ps idag igår imorgon kanske sedan senare redan också
            bara mycket mer mest kan ska skulle vill måste bör får fick har hade är blev blir går gick kom kommer ringer
            ringde ring sa säger sade tror trodde vet visste pratade berättade berättar frågade undrar undrade verkar
            läs läste se såg följ nytt nya nästa första andra tredje samma hela god gott bra ny gammal stor liten
            svensk svenska svenskt engelska arabiska somaliska dari tigrinja tigrinska persiska finska turkiska ryska
            english arabic swedish somali persian turkish russian kurdish pashto polish finnish
            the a an and but or if when where how what who why this that these those she he they we you it is was are were
            has had have will would can could should may not no yes in on at by for from with about after before of to
            her his their our my your caller call called told asked said says wants wanted next new first second
            gud allah jesus koranen bibeln koran bible internet google youtube netflix wikipedia excel word teams zoom skype
            playstation xbox iphone android counter strike fortnite minecraft chapter
            corona covid nato eu fn who ikea ica coop
            """
        ),
        (
            .organisation,
            """
            rädda barnen röda korset korsets svenska kyrkan kyrka kyrkans bris stadsmissionen fryshuset exit friends
            socialtjänsten socialjouren soc försäkringskassan skatteverket migrationsverket arbetsförmedlingen polisen
            polis region regionen landstinget länsstyrelsen kommun kommunen kommuns stad stads stadsdel förvaltning
            nämnd styrelse myndighet center centrum centret stiftelsen föreningen förening förbundet förbund jouren
            jour linjen linje mottagning mottagningen enheten enhet skola skolan gymnasium gymnasiet förskola församling
            församlingen moské moskén synagoga universitet universitetet högskola högskolan sjukhus sjukhuset akademin
            barnahus brottsofferjouren kvinnojouren tjejjouren mansjouren ungdomsmottagningen elevhälsan fritidsgården
            hovrätten tingsrätten domstol tidningen dagens nyheter aftonbladet expressen sveriges radio television
            nordiska motståndsrörelsen expo flashback save children red cross council university school church
            department office helpline salvation army amnesty international unicef islamiska muslimska katolska judiska
            förenade nationerna europeiska unionen kungliga statens nationella allmänna barnombudsmannen sektor
            vårdcentral vårdcentralen psykiatri psykiatrin bup komvux sfi sverigedemokraterna vänsterpartiet
            moderaterna socialdemokraterna centerpartiet kristdemokraterna liberalerna miljöpartiet
            """
        ),
        (
            .platform,
            """
            instagram insta facebook fb messenger tiktok twitter snapchat snap telegram youtube discord kik threads mastodon
            bluesky twitch reddit vk linkedin signal whatsapp wickr roblox steam tellonym jodel
            """
        ),
        (
            .handleCue,
            "konto kontot kontona profil profilen profiler användarnamn användarnamnet användare nick nicket alias username account profile gamertag"
        ),
        (
            .plateCue,
            """
            reg regnr regnummer registreringsnummer registreringsnumret registrering skylt skylten skyltar
            registreringsskylt nummerplåt nummerplåten plåten plåt plate plates registration numberplate
            """
        ),
        (
            .passportCue,
            "pass passet passnr passnummer passnumret passets passport passports"
        ),
        (
            .migrationCue,
            "lma lmakort lmanummer lmanr dossier dossiernr dossiernummer dossiernumret beteckningsnummer asylkort"
        ),
        (
            .unit,
            """
            år årig åring åringar veckor vecka månader månad dagar dag timmar timme tim minuter min sekunder gånger ggr
            procent kr kronor sek personer deltagare elever barn ungdomar stycken st km m mil meter kilometer grader av
            kvm resp poäng sidor sida samtal ärenden kontakter försök times years weeks days hours minutes months people
            of percent till upp fler fall tkr mkr
            """
        ),
        (.copula, "är var blev blir blivit varit is was became identifierar identifies bekänner kallar"),
        (
            .adverb,
            """
            en ett a an the också inte troligen nog kanske numera nu nyligen aktiv aktivt övertygad troende praktiserande
            uttalad öppet öppen öppen sedan visst själv mycket djupt starkt före väldigt tydligen not now very openly active
            practising devout also sig som as
            """
        ),
        (
            .opinion,
            """
            sverigedemokrat moderat vänsterpartist socialdemokrat sosse centerpartist liberal kristdemokrat miljöpartist
            kommunist nazist nynazist fascist anarkist socialist islamist salafist jihadist högerextremist
            vänsterextremist
            muslim muslimsk kristen jude judisk judinna katolik katolsk protestant ortodox shia sunni shiamuslim
            sunnimuslim hindu buddhist ateist troende mormon wahhabist sufi yezidi jesid pingstvän
            homosexuell bisexuell lesbisk bög gay transperson transsexuell transvestit hbtq queer pansexuell asexuell
            christian jewish catholic atheist nazi communist islamist bisexual lesbian transgender homosexual republican
            democrat socialist
            """
        ),
        (
            .movement,
            """
            nmr sd sap kd afs alternativ motståndsrörelsen moderaterna sverigedemokraterna socialdemokraterna
            vänsterpartiet centerpartiet kristdemokraterna liberalerna miljöpartiet afa antifa daesh taliban talibanerna
            hizbollah hamas islam kristendomen judendomen katolicismen isis shabaab svenskarnas
            """
        ),
        (
            .membership,
            "medlem medlemmar röstar röstade röstat konverterade konverterat konverterar tillhör gått member voted votes converted joined"
        ),
        (.atSign, "snabel snabela at"),
        (.lastFourCue, "sista fyra last"),
        (.dot, "punkt dot point"),
        (.sign, "streck understreck bindestreck underscore dash minus"),
        (.topLevel, "se nu com org net info eu no dk fi de uk"),
        (.englishStreet, "street road avenue lane drive square close crescent terrace"),
        (
            .acronym,
            """
            sou sfs lss bup lvu lvm msb bra nmr afa afs css rgb iso pdf usb sms mms abc kol bup sfi hvb sis ivo
            """
        ),
    ]
}
