"""Made-up buyers of imported goods. Their identity numbers have right check characters and belong to nobody we know of."""

from datetime import date, timedelta
from random import Random

from ccezone.kernel.check_digits import complete_resident_id
from schemas.messages.ceb.trades import Facts, person

BUYERS = 3000
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈"
_FIRST = "子雨思佳浩明晓建文雅俊秀宇欣嘉志丽海梓若诗天书静美永国春玉振"
_SECOND = "涵桐源怡然轩燕华博琴杰英航悦豪强敏洋萱曦琪磊瑶芳伟红平梅峰霞"
# Districts (GB/T 2260) most parcels of a Ganzhou shop go to; from general knowledge.
_PLACES = (
    ("360702", "江西省赣州市章贡区", ("红旗大道", "文清路", "长征大道", "赣江路")),
    ("360102", "江西省南昌市东湖区", ("八一大道", "阳明路", "叠山路")),
    ("360111", "江西省南昌市青山湖区", ("北京东路", "南京东路")),
    ("440305", "广东省深圳市南山区", ("深南大道", "南海大道", "科苑路")),
    ("440106", "广东省广州市天河区", ("天河路", "中山大道西", "黄埔大道")),
    ("310115", "上海市浦东新区", ("世纪大道", "张杨路", "锦绣路")),
    ("330106", "浙江省杭州市西湖区", ("文三路", "天目山路", "古墩路")),
    ("110105", "北京市朝阳区", ("建国路", "朝阳北路", "望京街")),
    ("510104", "四川省成都市锦江区", ("东大街", "红星路")),
    ("420106", "湖北省武汉市武昌区", ("中北路", "徐东大街")),
    ("350203", "福建省厦门市思明区", ("厦禾路", "湖滨南路")),
    ("430102", "湖南省长沙市芙蓉区", ("五一大道", "韶山北路")),
)


def buyer(who: int) -> Facts:
    """Return the person of this number as facts of order, payment and waybill: buyer, payer and consignee are one."""
    random = Random(f"buyer/{who}")
    name = random.choice(_SURNAMES) + random.choice(_FIRST) + random.choice(("", random.choice(_SECOND)))
    district, place, streets = random.choice(_PLACES)
    born = date(1962, 1, 1) + timedelta(days=random.randrange(16_000))
    # Sequence numbers from 900 on are kept for few; with the buyer's number in the day they do not meet.
    identity = str(complete_resident_id(f"{district}{born:%Y%m%d}{900 + who % 100:03d}"))
    door = f"{random.randint(1, 480)}号{random.randint(1, 28)}栋{random.randint(101, 2804)}室"
    return person(who, name, identity, district, f"{place}{random.choice(streets)}{door}")
