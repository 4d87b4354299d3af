"""Rubrics of real contests, with weights exactly as published. What a source does not say stands in the note."""

from __future__ import annotations

from contest.editions.rubric_templates.shape import RubricTemplate, by_organiser, criterion, made

CIC_PAPER = made(
    "cic-2019-paper",
    ("CiC 2019 – Hội tụ (vòng hồ sơ)", "CiC 2019 – Convergence (paper round)"),
    "CiC 2019, Khu CNPM ĐHQG-HCM – hoi-tu-cic2019.itp.vn",
    criterion("NOVELTY", ("Tính mới và sáng tạo", "Novelty and creativity"), "40"),
    criterion("FEASIBILITY", ("Tính khả thi", "Feasibility"), "30"),
    criterion("FORM", ("Hình thức thể hiện", "Form of presentation"), "15"),
    by_organiser(criterion("TRAINING", ("Tham gia training", "Training attended"), "15")),
    note=("Ban Tổ chức nhập điểm tham gia training.", "The organiser enters the points for training."),
)
CIC_PITCH = made(
    "cic-2019-pitch",
    ("CiC 2019 – Bức phá, Tỏa sáng (thuyết trình)", "CiC 2019 – Breakthrough, Shine (pitch)"),
    "CiC 2019, Khu CNPM ĐHQG-HCM – buc-pha-cic2019.itp.vn, toa-sang-cic2019.itp.vn",
    criterion("MODEL", ("Mô hình kinh doanh", "Business model"), "100"),
    criterion("SLIDES", ("Slide", "Slides"), "100"),
    criterion("PITCH", ("Thuyết trình", "Pitch"), "60"),
    by_organiser(criterion("DILIGENCE", ("Chuyên cần và sự kiện", "Attendance and events"), "40")),
    note=(
        "Bảy giám khảo chấm độc lập; thuyết trình 5 phút, phản biện 10 phút. Ban Tổ chức nhập điểm chuyên cần.",
        "Seven independent judges; 5 minutes' pitch, 10 minutes' questions. The organiser enters attendance.",
    ),
)
LAM_DONG = made(
    "lam-dong-2018",
    ("Lâm Đồng – 10 tiêu chí có hệ số", "Lâm Đồng – 10 criteria with coefficients"),
    "Báo Lâm Đồng 10/2018 – baolamdong.vn, “Xét chọn 10 tiêu chí hỗ trợ khởi nghiệp”",
    *(
        criterion(code, words, "5", weight=weight, minimum="1")
        for code, words, weight in (
            ("RESOURCES", ("Nguồn lực con người, vốn, kỹ thuật", "People, capital and technology"), "4"),
            ("MARKET", ("Khảo sát thị trường", "Market research"), "3"),
            ("INNOVATION", ("Tính đổi mới và lợi thế cạnh tranh", "Innovation and competitive advantage"), "3"),
            ("PLAN", ("Kế hoạch hoàn thiện", "Plan to completion"), "2"),
            ("RISKS", ("Dự báo nguy cơ", "Foreseen risks"), "2"),
            ("FEASIBILITY", ("Tính khả thi và hiệu quả", "Feasibility and effect"), "2"),
            ("PERSUASION", ("Khả năng thuyết phục", "Persuasiveness"), "1"),
            ("REFERENCES", ("Nhận xét của tổ chức uy tín", "Opinion of reputable bodies"), "1"),
            ("TRIALS", ("Kết quả thử nghiệm", "Trial results"), "1"),
            ("GROWTH", ("Ứng dụng và phát triển", "Application and growth"), "1"),
        )
    ),
    note=(
        "Nguồn không nói tiêu chí nào hệ số 4 trong ba tiêu chí đầu; ở đây là tiêu chí thứ nhất. Đạt từ 50 điểm.",
        "The source does not say which of the first three has coefficient 4; here it is the first. Pass from 50.",
    ),
)
STARTUP_GRIND = made(
    "startup-grind-idea",
    ("Startup Grind – giai đoạn ý tưởng", "Startup Grind – idea stage"),
    "Startup Grind – startupgrind.events/judging",
    criterion("PROBLEM", ("Vấn đề rõ ràng", "Problem clarity"), "10"),
    criterion("SOLUTION", ("Giải pháp và điểm khác biệt", "Solution and differentiation"), "10"),
    criterion("MARKET", ("Thị trường và khách hàng mục tiêu", "Market and target customer"), "10"),
    criterion("VISION", ("Tầm nhìn của người sáng lập", "Founder vision"), "10"),
    criterion("PITCH", ("Thuyết trình rõ ràng", "Pitch clarity"), "10"),
    criterion("BONUS", ("Điểm thưởng của giám khảo", "Judge's-choice bonus"), "5"),
    note=("Hợp với học sinh thuyết trình lần đầu.", "Good for pupils who pitch for the first time."),
)
ISEF = made(
    "isef",
    ("ISEF – hội thi khoa học", "ISEF – science fair"),
    "ISEF – thedubaisf.ae/?p=2145",
    criterion("QUESTION", ("Câu hỏi nghiên cứu", "Research question"), "10"),
    criterion("DESIGN", ("Thiết kế và phương pháp", "Design and methodology"), "15"),
    criterion("EXECUTION", ("Thực hiện", "Execution"), "20"),
    criterion("CREATIVITY", ("Tính sáng tạo", "Creativity"), "20"),
    criterion("POSTER", ("Trình bày: poster", "Presentation: poster"), "10"),
    criterion("INTERVIEW", ("Trình bày: phỏng vấn", "Presentation: interview"), "25"),
)
CITYHACK = made(
    "aecom-cityhack",
    ("AECOM CityHack – ý tưởng đô thị, cộng đồng", "AECOM CityHack – city and community ideas"),
    "AECOM CityHack – cityhack.aecom.com/judging.html",
    criterion("VIABILITY", ("Khả năng tồn tại và phát triển", "Viability"), "25"),
    criterion("CUSTOMERS", ("Kiểm chứng với khách hàng", "Customer validation"), "25"),
    criterion("SCALABILITY", ("Khả năng mở rộng", "Scalability"), "10"),
    criterion("PROTOTYPE", ("Nguyên mẫu", "Prototype"), "30"),
    criterion("PITCH", ("Thuyết trình", "Pitch"), "10"),
)
FOOD_CITY = made(
    "food-city",
    ("Food+City – bốn tiêu chí đều nhau", "Food+City – four equal criteria"),
    "Food+City – foodandcity.org/judging-criteria",
    criterion("TEAM", ("Năng lực đội ngũ", "Team competence"), "25"),
    criterion("MARKETING", ("Kế hoạch tiếp thị", "Marketing plan"), "25"),
    criterion("FINANCE", ("Kế hoạch tài chính", "Financial plan"), "25"),
    criterion("VALUE", ("Giá trị khác biệt", "Unique value proposition"), "25"),
    note=(
        "Cuộc thi này còn có điểm thưởng theo chủ đề; nguồn không nói bao nhiêu.",
        "The contest also gives a bonus for its theme; the source does not say how much.",
    ),
)
VIET_DUC = made(
    "viet-duc-2016",
    ("Khởi nghiệp sáng tạo Việt–Đức 2016 – vòng 2", "Vietnamese-German start-up contest 2016 – round 2"),
    "ĐH Bách khoa Hà Nội 2016 – sie.hust.edu.vn, thể lệ và tiêu chí chấm điểm",
    criterion("CLIP", ("Clip giới thiệu", "Video clip"), "100", weight="0.3"),
    criterion("PLAN", ("Kế hoạch kinh doanh", "Business plan"), "100", weight="0.7"),
    note=("Clip dài quá 3 phút 30 giây không hợp lệ.", "A clip longer than 3 min 30 s is not valid."),
)
WV_INNOVATES = made(
    "wv-innovates",
    ("WV Innovates – tư duy thiết kế", "WV Innovates – design thinking"),
    "WV Innovates – wvinnovates.com/judging-criteria-rubric",
    *(
        criterion(code, words, "5", minimum="1")
        for code, words in (
            ("MISSION", ("Sứ mệnh và đam mê", "Mission and passion")),
            ("PROBLEM", ("Vấn đề hẹp, hiểu từ người dùng", "Narrow, empathy-based problem")),
            ("PROTOTYPE", ("Nguyên mẫu đã qua cải tiến", "Prototype iterated")),
            ("CANVAS", ("Giả định trong mô hình đã kiểm chứng", "Canvas assumptions iterated")),
            ("NEXT", ("Các bước tiếp theo", "Next steps")),
            ("STORY", ("Đội có tổ chức, có chuyện khách hàng thật", "Organised team, story with real customers")),
        )
    ),
)
STEVIE = made(
    "stevie-asia",
    ("Stevie châu Á – hai thang điểm", "Stevie Asia – two scales"),
    "Stevie Awards châu Á – asia.stevieawards.com/vi",
    criterion("INNOVATION", ("Chất lượng đổi mới", "Quality of innovation"), "10", minimum="1"),
    criterion("FILES", ("Tài liệu kèm theo có ích", "Usefulness of supporting files"), "2"),
)
SV_STARTUP = made(
    "sv-startup-hcm",
    ("SV_STARTUP (TP.HCM) – năm tiêu chí", "SV_STARTUP (Ho Chi Minh City) – five criteria"),
    "SV_STARTUP tại TP.HCM – tuvanhuongnghiep.iweb247.net",
    criterion("NEED", ("Sự cần thiết, mức độ ứng dụng thực tế", "Need and practical use"), "20"),
    criterion("FEASIBILITY", ("Tính khả thi và tiềm năng", "Feasibility and potential"), "20"),
    criterion("NOVELTY", ("Mới lạ, độc đáo, sáng tạo", "Novel, unique, creative"), "20"),
    criterion("FORM", ("Hình thức trình bày", "Form of presentation"), "20"),
    criterion("TEAM", ("Hồ sơ năng lực, ý chí, khát vọng của đội ngũ", "Record, will and ambition of the team"), "20"),
    note=(
        "Nguồn công bố tiêu chí, không công bố trọng số: điểm chia đều ở đây chỉ để bắt đầu, bạn hãy sửa theo thể lệ.",
        "The source gives the criteria but no weights: the equal shares here are only a start, set your own.",
    ),
)

PUBLISHED: tuple[RubricTemplate, ...] = (
    CIC_PAPER,
    CIC_PITCH,
    LAM_DONG,
    STARTUP_GRIND,
    ISEF,
    CITYHACK,
    FOOD_CITY,
    VIET_DUC,
    WV_INNOVATES,
    STEVIE,
    SV_STARTUP,
)
