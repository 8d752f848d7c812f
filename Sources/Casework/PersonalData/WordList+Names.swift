extension WordList {
    /// Given names that are common in Sweden, by language. What is also a word, a place or a month is doubtful: a name
    /// only where something beside it says so.
    static let names: [(WordMeaning, String)] = [
        (
            .givenName,
            """
            adam agneta albin alexander alexandra alice alma alva amanda anders andreas andré anette angelica anita ann anna
            annelie annika anton arne arvid astrid august axel barbro beatrice bengt benjamin berit bertil birgitta birgit
            britt britta camilla carina carin carl carola caroline cecilia charlotte christer christian christina christoffer
            christopher claes daniel daniella david ebba eddie edith edvin eleonora elias elin elisabeth elise ella ellen
            ellinor elsa elvira emanuel emelie emil emilia emilie emily emma erica erik erika ester eva evelina fabian felicia
            felix filip filippa frans fredrik frida fritjof gabriel gabriella georg gerd göran gösta gunilla gunnar gun
            gustaf gustav hampus hanna hannah harald harry hedvig helen helena helene henrik henry hilda hugo
            håkan ida ines inga ingela inger ingrid ingvar irene isabella isabelle isak ivar jack jakob jacob
            janne jennifer jenny jens jesper jessica jimmy joakim joel johan johanna johannes john jonas jonathan jonna
            jonny josef josefin josefine julia julian jonte jörgen kaj karin karl karolina katarina kerstin kevin
            kjell klara klas kristian kristina kristoffer lars lasse leif lena lennart leo leon liam lilly lina linda linnea
            linnéa linus lisa lisbeth louise lotta lovisa lucas lukas ludvig madeleine magdalena magnus maja malin marcus
            margareta margit maria marianne marie markus martin martina mathias mathilda matilda mats mattias maud melker
            melvin michael micke mikael milla milo mimmi minna moa mohammed molly mona monica monika nathalie niclas
            nicole niklas nils nina noah noel nora norah olivia olle olof oscar oskar otto ove patrik paul
            pernilla peter petra pierre pontus rebecca rebecka regina rickard rikard rikke robert robin roger roland
            rolf ronja rune rut ruth samuel sandra sanna sara sarah saga sebastian sigrid signe simon sixten sofia sofie
            solveig sonja staffan stefan stella stina sture susanne svante sven teodor theo theodor therese thea thomas
            tilda tilde tim tindra tobias tomas tommy tove tuva tyra ulrika ulla ulrik ursula valter vera veronica veronika
            victor victoria viktor viktoria vilgot vilhelm vincent viola viveka wilhelm william wilma yngve ylva yvonne
            zackarias åke åsa örjan
            """
        ),
        (
            .givenName,
            """
            abbas abdi abdirahman abdul abdullah abdullahi abdulkadir adnan ahmad ahmed aisha aysha ayesha alaa amal amin amina
            amir amira anas asad asha ashraf asma ayaan ayan aziz bashar bashir bilal dalia danial deqa dina ebrahim
            ehsan elham fadi fadumo faisal farah farhad farhan farid faris fatima fatuma fawzi fereshteh hadi hafsa
            hakim hala halima hamid hamza hana hani hasan hassan hawa hayat hibo hodan hossein huda hussein ibrahim idil
            idris ikram ilhan iman imran ismail jabir jalal jama jamal jamila javad kamal karim karima khadija khaled
            khalid laila layla leila leyla luul maha mahad mahdi mahmoud mahmud majid malik mariam marwa maryam
            mehdi mehmet mina mohamad mohamed mohammad mona muhammad muhammed mustafa mustapha nabil nadia nadja naima
            najib nasrin nasser nawal nima noor nour omar omid osama osman qasim rafiq rahim rami rana rania rashid reza
            saad said saida saleh salim salma sami samir samira samira samuel sara shabnam shirin shukri sohrab suleiman
            sumaya tahir tarek tariq tesfay selam semhar yonas dawit bereket filmon haben helen mebrahtu merhawi rahwa robel
            senait simret winta yohannes yosef yasin yasmin yasmine yousef youssef yusuf yusra zahra zainab zaynab zakaria
            zeinab zohra ziad aleksandar ana branko dragan edin emina goran ivana jasmin jelena marija milica mirza nenad
            senad slobodan vesna zoran agnieszka andrzej ewa katarzyna krzysztof magda malgorzata pawel piotr tomasz
            andrei dmitri irina ivan natalia natasha olga sergei svetlana tatiana vladimir aino antti jari juha jukka kari
            marja matti mika pekka päivi riitta seppo tuula timo ayse fatma emre burak elif hatice hüseyin murat zeynep
            james mary patricia linda jennifer elizabeth susan margaret dorothy nancy karen betty helen donna carol
            sharon michelle laura kimberly deborah brian kevin jason jeff ryan gary stephen larry scott eric raymond
            gregory joshua jerry dennis patrick andrew joseph matthew charles richard
            """
        ),
        (
            .doubtfulName,
            """
            alf bo dag eli jan jane kim liv ludde mia my nova per siv sten stig svea tor tom ulf ville vide vilja vidar
            björn love lo max maj mark bill will grace hope hans kent kalle pia sol tina ali ana farah jama said malik
            maha mika hani hana hala noor nour sami iman ann bror folke glen gun linn loke sam alex charlie
            """
        ),
    ]
}
