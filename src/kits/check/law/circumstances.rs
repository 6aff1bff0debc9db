//! What gives away a question about what befell somebody: health, disability, arrests, past pay. Who they are is in `person`.

use super::Subject;
use crate::kits::rule;

pub(super) static SUBJECTS: &[Subject] = &[
    Subject {
        rule: rule::LAW_HEALTH,
        about: "health",
        instead: "describe what the job demands, and ask everybody how they would do it",
        asked: &[
            r"\b(?:have|has|had|having|suffer|suffers|suffered|suffering|any|with|your)(?: from)?(?: any| a| an| ongoing| serious| chronic| known| past| current| particular| physical| mental| underlying| recurring)* (?:health|medical|mental health|back|psychological|psychiatric) (?:problems?|issues?|conditions?|concerns?|history|complaints?|restrictions?|limitations?|treatments?|impairments?|records?|disorders?|pain)\b",
            r"\byour (?:own |current |general |mental |physical |overall |personal |state of )*(?:health|illness(?:es)?|medications?|blood pressure|blood type|fitness level)\b",
            r"\b(?:have|had|suffer from|suffered from|been|with) (?:any |a |an |ongoing |serious |chronic |long-term |mental )+(?:illness(?:es)?|diseases?|surger(?:y|ies)|allerg(?:y|ies)|injur(?:y|ies)|operations? (?:recently|lately)|medications?)\b",
            r"\b(?:how|what) (?:is|was|about) your health\b|\bare you (?:\w+ )?(?:healthy|in good health|physically fit|fit and healthy|unwell|ill)\b",
            r"\bhow (?:many|much) (?:sick|illness) (?:days?|leaves?|time)\b|\bhow many days (?:were|have|did) you (?:\w+ )?(?:sick|ill|off sick|miss)",
            r"\b(?:take|took|taken|had|have|were|was|been|call|called|are|you) (?:\w+ ){0,3}(?:sick days|sick leave|off sick|off ill|in sick|ill often|sick often|absent through illness)\b",
            r"\byour (?:sickness|sick leave|sick-leave|absence) (?:record|history)\b|\boften (?:are you )?(?:ill|sick)\b|\b(?:are|were) you (?:often |ever |frequently )?(?:sick|ill)(?:[?.!,;]|$| (?:often|a lot|last year|much))",
            r"\bdo you (?:\w+ )?(?:smoke(?:[?.!,;]|$| or | cigarettes)|drink(?:[?.!,;]|$| alcohol| or )|take (?:any )?(?:prescri\w+ )?(?:drugs|medications?|medicines?)|use (?:any )?(?:illegal |recreational )?drugs)",
            r"\bare you (?:on|taking) (?:any )?(?:\w+ )?(?:medications?|medicines?|treatment)\b|\bare you (?:\w+ )?(?:vaccinated|a smoker)\b|\bhave you been (?:\w+ )?vaccinated\b",
            r"\b(?:have you|did you|were you|do you|are you) (?:ever |currently |recently )*(?:had|been|suffered?|suffered? from|have|experienced?|see|seeing|seen|being|treated|treated for|diagnosed|been treated for|been diagnosed with|in)(?: \w+){0,3} (?:burn-?out|depression|depressed|panic attacks|therapy|therapist|psychologist|psychiatrist|counsell?or|cancer|hiv|aids|diabetes|epilepsy|anxiety|nervous breakdown|breakdown|addiction|alcoholism|covid|hospital|hospitalised|hospitalized)\b",
            r"\bfamily (?:medical |health )history\b|\b(?:genetic|dna) (?:tests?|testing|information|conditions?|disorders?)\b|\bruns? in your family\b|\b(?:illness|disease|cancer|condition)\w* in your family\b",
            r"\bhow (?:tall|heavy) are you\b|\bhow much do you weigh(?:[?.!,;]|$)|\b(?:what is|what's) your (?:height|weight)(?:[?.!,;]|$| and)",
            r"\b(?:filed|claimed|received|receive|made|applied for|on) (?:\w+ )?(?:for )?workers'? comp",
        ],
        wanted: &[
            r"\b(?:is|be|person|candidate|applicant|someone) in good (?:physical |mental |general )?health\b|\bgood (?:physical|mental|general) health\b|\bphysically (?:fit|healthy|strong)\b",
            r"\b(?:is|be|must be|stays?) (?:fit and )?healthy(?:[?.!,;]|$)|\bhealthy (?:person|individual|candidate|applicant)\b",
            r"\bnever (?:ill|sick|off sick)\b|\b(?:no|few|without) (?:sick days|sick leave|health (?:problems|issues|complaints)|medical (?:problems|issues|conditions))\b|\bnon-?smok(?:er|ers|ing)\b",
        ],
        unless: &[
            r"\bhealth[- ](?:checks?|checking|endpoints?|probes?|dashboards?|metrics?|monitor(?:s|ing)?|pages?|signals?|indicators?|status|api|apis|routes?|scores?|data|care|insurance|insurers?|tech|apps?|products?|services?|systems?|sector|industry|records? (?:system|data|standard|api))\b",
            r"\b(?:health|medical) (?:problems?|issues?|conditions?|concerns?|history|records?|restrictions?) (?:of|in|with|on|across|for|from|to) (?:a|an|the|your|our|its|each|every|those|these|one|any|all|production)? ?(?:\w+ )?(?:services?|systems?|clusters?|nodes?|hosts?|servers?|pods?|instances?|containers?|fleets?|databases?|apis?|applications?|apps?|platforms?|dependenc(?:y|ies)|backends?|components?|queues?|pipelines?|production|code|codebase|patients?|team|process|record)\b",
            r"\byour (?:own |overall |current |general )*health (?:of|in) (?:the|a|an|your)\b",
            r"\b(?:service|system|cluster|node|team|project|code|codebase|organisation|platform|sprint|financial|data)(?:'s|s')? (?:in good )?health\b",
            r"\b(?:smoke|drink) tests?\b",
        ],
    },
    Subject {
        rule: rule::LAW_DISABILITY,
        about: "disability",
        instead: "describe what the job demands, and ask everybody how they would do it and whether the interview should be arranged otherwise",
        asked: &[
            r"\b(?:have|has|had|any|having|with|got|your|suffer from)(?: any| a| an| kind of| sort of| registered| physical| mental| learning| severe| known| visible| hidden| other)* (?:disabilit(?:y|ies)|handicaps?|impairments?|special needs|learning difficult(?:y|ies)|physical limitations?|physical restrictions?|physical defects?)\b",
            r"\bare you (?:\w+ )?(?:disabled|handicapped|deaf|autistic|dyslexic|neurodivergent|neurodiverse|able-bodied|wheelchair-bound|hard of hearing|partially sighted|colou?r-?blind|blind)(?:[?.!,;]|$| or | in | and | at all)",
            r"\b(?:do|did|will|would) you (?:use|need|require) (?:a |an )?(?:wheelchair|hearing aid|walking stick|guide dog|crutches)\b|\bwhy (?:are|were) you in a wheelchair\b",
            r"\b(?:receive|receiving|claim|claiming|draw|drawing|claimed|received|on) (?:any )?disability (?:benefits?|pension|allowance|leave|insurance|pay)\b",
            r"\bdegree of disability\b|\bseverely disabled\b|\bdisability (?:card|certificate|status|pass)\b|\bdisabilit(?:y|ies) (?:do|did|have) you\b",
            r"\b(?:how did you|how were you|when did you|when were you) (?:become |becoming |get )?(?:disabled|lose your (?:sight|hearing|leg|arm|hand))\b",
            r"\b(?:do you|have you) (?:have |got |had )?(?:a |an )?(?:stutter|speech impediment|adhd|autism|dyslexia|asperger's?)\b",
        ],
        wanted: &[
            r"\bable-?bodied\b",
            r"\b(?:no|without(?: any| a)?|free of|not) (?:physical |mental |learning )?(?:disabilit(?:y|ies)|handicaps?|impairments?|physical limitations?|speech impediments?|stutters?|lisps?)\b|\bis not disabled\b",
            r"\bneurotypical\b",
        ],
        unless: &[
            r"\b(?:users?|people|customers?|visitors?|readers?|somebody|someone|anybody|persons?|candidates? using) (?:\w+ )?(?:with|who have|who has|having|of) (?:\w+ )*?(?:disabilit(?:y|ies)|impairments?|special needs|handicaps?)\b",
            r"\b(?:visual|hearing|motor|colou?r)(?:ly)? (?:impairments?|disabilit(?:y|ies)) (?:in|when|for)\b",
            r"\bdisability (?:act|law|discrimination|rights|services?|products?|data|insurance (?:product|claims))\b",
        ],
    },
    Subject {
        rule: rule::LAW_CONVICTIONS,
        about: "arrests or convictions",
        instead: "leave it out; where the law demands a check for this post, it is made after the offer, by whoever is charged with it",
        asked: &[
            r"\b(?:been|get|getting|got|gotten|were you|were you ever|are you) (?:ever |previously |last |once |recently )?(?:arrested|convicted|imprisoned|incarcerated|jailed|prosecuted|indicted|sentenced|cautioned by|on probation|on parole|charged with (?:a |an |any )?(?:crime|criminal|offen[cs]e|felony|misdemeanou?r|theft|assault|fraud))",
            r"\bhave you (?:ever )?(?:committed|done) (?:a |any )?(?:crimes?|offen[cs]es?|felon(?:y|ies))\b|\bhave you (?:ever )?been (?:in|to) (?:prison|jail)\b|\b(?:served|spent|done) (?:any )?time in (?:prison|jail)\b|\bgone to (?:prison|jail)\b",
            r"\bcriminal (?:record|history|convictions?|past|background|offen[cs]es?|charges?|proceedings?)\b|\b(?:arrest|police) (?:record|history)s?\b|\brecord of arrests?\b|\btrouble with the (?:law|police)\b",
            r"\b(?:any|prior|previous|past|spent|unspent|your) (?:criminal |spent |unspent |previous |prior |driving )?convictions?(?:[?.!,;]|$| (?:that|to|we|for (?:theft|fraud|drugs|violence|assault)|or))",
            r"\b(?:felon(?:y|ies)|felons?|misdemeanou?rs?)\b|\bex-?(?:offender|convict|con)s?\b",
        ],
        wanted: &[
            r"\b(?:clean|no|without(?: a| any)?|spotless) (?:criminal|police|arrest) (?:record|history|background)\b|\bclean record(?:[?.!,;]|$)",
            r"\bnever (?:been )?(?:arrested|convicted|in prison)\b|\bno (?:prior |previous |past |criminal )*convictions\b|\bno (?:arrests|felon(?:y|ies))\b",
        ],
        unless: &[
            r"\bconvictions? (?:about|on|regarding|of (?:yours|your own)|in|that (?:you|a|the|it))\b",
            r"\bcriminal (?:records?|background|history|convictions?) (?:checks? (?:api|service|product|integration)|api|apis|database|systems?|data|service)\b",
            r"\b(?:courts?|police|prison|justice) (?:systems?|software|clients?|projects?)\b",
        ],
    },
    Subject {
        rule: rule::LAW_SALARY_HISTORY,
        about: "present or past pay",
        instead: "say what the post pays and ask what the candidate expects: “What are your salary expectations for this role?”",
        asked: &[
            r"\b(?:what|how much) (?:do|did|are|were|was|have) you (?:currently |presently |now |actually |really |being |get |getting |been |last )*(?:earn|earning|earned|paid|on(?:[?.!,;]|$| (?:now|at|currently|today))|making (?:now|at|per|a|in)|make(?:[?.!,;]|$| (?:now|currently|at|today|per|a (?:year|month|week|day)|annually|in your|in total|before|each|every)))",
            r"\b(?:what|how much|than|as much as) you (?:currently |presently |now |are |were |'re )*(?:earn|earned|earning|paid|make (?:now|currently|at|today|per|a (?:year|month))|made (?:at|in|before|last))\b",
            r"\b(?:current|present|previous|last|past|former|prior|existing|most recent|old|today's|latest) (?:\w+ )?(?:salar(?:y|ies)|compensation|remuneration|ctc|day rate|pay package|salary package|compensation package|pay packet|base pay|take-home|wages?|earnings)\b",
            r"\byour (?:current |present |previous |last |past |former |prior |existing |most recent |old |latest )+(?:\w+ )?(?:pay|package|bonus|income|rate|benefits package|stock|equity|total comp|comp)(?:[?.!,;]|$| (?:at|in|and|or|like|was|is|there|now|with|look|made))",
            r"\b(?:what is|what was|what's|how much is|how much was|tell me|tell us|disclose|state|give us) your (?:\w+ )?(?:salary|pay|income|wage|wages|remuneration|compensation|earnings|bonus)(?:[?.!,;]|$| (?:now|today|at|right now|currently|like|there|in your|before|per|history))",
            r"\b(?:salary|pay|compensation|wage|earnings|income) history\b|\b(?:salary|pay|wage|compensation) (?:did|do|were|are) you (?:\w+ )?(?:on|earn|earning|have|had|get|getting|receive|paid|making|drawing)\b",
            r"\b(?:your|a|last|recent|latest|copy of a|copies of) (?:\w+ )?(?:pay ?slips?|pay ?stubs?|salary (?:slips?|statements?)|p60|w-2)\b",
            r"\b(?:earn|earned|earning|paid|make|made) (?:in|at|by|with) your (?:current|last|previous|present|old|former) (?:job|role|position|post|company|employer|place)\b",
            r"\b(?:salary|pay|compensation|package|bonus) (?:in|at|with|from) your (?:current|last|previous|present|old|former) (?:job|role|position|post|company|employer|place)\b",
            r"\byour (?:current|last|previous|present|former) employer (?:pay|paid|pays|paying)\b|\bwhat (?:does|did) your (?:current|last|previous|present|former) (?:employer|company|job) pay\b",
        ],
        wanted: &[
            r"\b(?:current|present|previous|last|past|former) (?:salary|pay|earnings|remuneration) (?:of|is|was|below|above|under|over|up to|at most|no more|not more)\b",
            r"\b(?:earns|earned|is paid|was paid|makes) (?:less|more|at most|no more|under|over) (?:than )?(?:\d|our|what)",
        ],
        unless: &[
            r"\byour (?:expected|desired|target|ideal|preferred|hoped-for) (?:\w+ )?(?:salary|pay|income|wages?|remuneration|compensation|earnings|bonus|package)\b",
            r"\bcompensation (?:actions?|steps?|transactions?|handlers?|logic|events?|flows?|functions?|messages?)\b",
            r"\b(?:salary|wages?|earnings|pay) (?:data|tables?|records?|runs?|reports?|feeds?|api|service|systems?|endpoint|schema|calculation)\b",
        ],
    },
];
